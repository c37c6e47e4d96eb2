package syncdata.repair;

import syncdata.rules.Difference;
import syncdata.rules.SourceState;
import syncdata.rules.Verdict;

/** What a repair has to do about one entity, as it was judged. */
enum Task {
    NOTHING,
    /** Only Neo4j holds it. */
    DELETE,
    /** A node that is there several times, or as a relationship too. */
    MERGE_COPIES,
    /** A node, once or not at all. */
    WRITE_NODE,
    /** Nodes where there should be a relationship: they go first. */
    REPLACE_NODES,
    /** A relation that is not there. */
    CREATE_RELATION,
    /** A relation that is there, once or several times. */
    WRITE_RELATION;

    /**
     * The task that a judged entity makes.
     *
     * @param forced whether what is in sync is written too
     */
    static Task of(Difference difference, boolean forced) {
        Verdict verdict = difference.verdict();
        if (verdict == Verdict.NOT_DELETED) {
            return DELETE;
        }
        return verdict.toReindex() || forced && verdict == Verdict.OK ? toWrite(difference) : NOTHING;
    }

    private static Task toWrite(Difference difference) {
        SourceState source = difference.source().orElseThrow();
        int copies = difference.graph().size();
        boolean ofAnotherKind = difference.graph().stream().anyMatch(copy -> copy.relationship() != source.relation());
        if (source.relation()) {
            return ofAnotherKind ? REPLACE_NODES : copies == 0 ? CREATE_RELATION : WRITE_RELATION;
        }
        return ofAnotherKind || copies > 1 ? MERGE_COPIES : WRITE_NODE;
    }
}
