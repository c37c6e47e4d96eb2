package syncdata.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import syncdata.rules.EntityId;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.RepairAction;
import syncdata.rules.Verdict;
import syncdata.run.IdLog;
import syncdata.run.SortedIds;

/**
 * An entity that a report names, with what the report says of it.
 *
 * @param repair        what a repair would do with it
 * @param verdict       its class, where the report says it
 * @param lastUpdatedAt in both databases
 * @param copies        the number of its copies in Neo4j; 0 also where the report does not say
 * @param properties    those that differ, by name; a missing node where the report has none
 */
public record ReportedEntity(String id, RepairAction repair, Optional<Verdict> verdict, Optional<String> type,
        Optional<String> title, DriftSummary.Sides lastUpdatedAt, int copies, JsonNode properties) {

    /** By the time of the last change, the oldest first, unknown ones last. */
    public static final Comparator<ReportedEntity> OLDEST_FIRST = Comparator
            .comparing((ReportedEntity entity) -> entity.changed().orElse(Instant.MAX))
            .thenComparing(ReportedEntity::id);

    /**
     * Hands out all entities of a report, in no order. Of most it may say only the id.
     *
     * @param report with its diffs, where it has any
     */
    public static void forEach(Report report, Consumer<ReportedEntity> action) {
        List<DriftSummary.Entity> oldest = report.provenance().summary()
                .map(DriftSummary::oldest).orElse(List.of());
        Map<UUID, DriftSummary.Entity> named = oldest.stream().filter(entity -> EntityId.parse(entity.id()).isPresent())
                .collect(Collectors.toMap(entity -> EntityId.parse(entity.id()).orElseThrow(), Function.identity(),
                        (one, other) -> one));
        Map<UUID, JsonNode> properties = new HashMap<>();
        try (IdLog told = new IdLog(); ReportKnowledge knowledge = new ReportKnowledge(report)) {
            named.keySet().forEach(told::add);
            report.diffs().ifPresent(diffs -> diffs.forEach((id, diff) -> {
                if (named.containsKey(id)) {
                    properties.put(id, diff.path("properties"));
                } else {
                    told.add(id);
                    action.accept(of(id, diff));
                }
            }));
            named.forEach((id, entity) ->
                    action.accept(of(entity, properties.getOrDefault(id, MissingNode.getInstance()))));
            try (SortedIds known = told.sorted()) {
                giveOthers(report.toDelete(), known, id -> action.accept(
                        of(id, RepairAction.DELETE, Optional.of(Verdict.NOT_DELETED),
                                type(knowledge, Verdict.NOT_DELETED.label()))));
                giveOthers(report.toReindex(), known, id -> action.accept(
                        of(id, RepairAction.REINDEX, Verdict.labelled(knowledge.otherVerdict()),
                                type(knowledge, knowledge.otherVerdict()))));
            }
        }
    }

    private static Optional<String> type(ReportKnowledge knowledge, String verdict) {
        return Optional.of(knowledge.onlyType(verdict)).filter(known -> !known.equals(EntityGroup.UNKNOWN));
    }

    /** Hands out the ids of which nothing was told. Both lists ascend. */
    private static void giveOthers(SortedIds ids, SortedIds told, Consumer<UUID> action) {
        Iterator<UUID> known = told.iterator();
        UUID next = known.hasNext() ? known.next() : null;
        for (Iterator<UUID> all = ids.iterator(); all.hasNext(); ) {
            UUID id = all.next();
            while (next != null && EntityId.ORDER.compare(next, id) < 0) {
                next = known.hasNext() ? known.next() : null;
            }
            if (!id.equals(next)) {
                action.accept(id);
            }
        }
    }

    private static ReportedEntity of(DriftSummary.Entity entity, JsonNode properties) {
        Optional<Verdict> verdict = Optional.ofNullable(entity.verdict());
        return new ReportedEntity(entity.id(), repair(verdict), verdict, Optional.ofNullable(entity.type()),
                Optional.ofNullable(entity.title()),
                entity.lastUpdatedAt(), entity.nInNeo4j(), properties);
    }

    private static ReportedEntity of(UUID id, JsonNode diff) {
        Optional<Verdict> verdict = Verdict.labelled(diff.path("class").asText());
        JsonNode timestamps = diff.path("properties").path("last_updated_at");
        JsonNode title = diff.path("properties").path("title");
        return new ReportedEntity(id.toString(), repair(verdict), verdict, text(diff.path("type")),
                text(title.path("postgresql")).or(() -> text(title.path("neo4j"))),
                new DriftSummary.Sides(text(timestamps.path("postgresql")).orElse(null),
                        text(timestamps.path("neo4j")).orElse(null)),
                diff.path("n_in_neo4j").asInt(), diff.path("properties"));
    }

    private static ReportedEntity of(UUID id, RepairAction repair, Optional<Verdict> verdict, Optional<String> type) {
        return new ReportedEntity(id.toString(), repair, verdict, type, Optional.empty(),
                new DriftSummary.Sides(null, null), 0,
                MissingNode.getInstance());
    }

    private static RepairAction repair(Optional<Verdict> verdict) {
        return verdict.filter(Verdict::isDifference).map(RepairAction::of).orElse(RepairAction.REINDEX);
    }

    private static Optional<String> text(JsonNode value) {
        return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
    }

    /** The word for its class; what a repair does where the class is unknown. */
    public String word() {
        return verdict.map(Verdict::label).orElse("to " + repair.label());
    }

    /** The time of the last change as the report writes it: PostgreSQL's, or else Neo4j's. */
    public Optional<String> changedAsWritten() {
        return Optional.ofNullable(lastUpdatedAt.postgresql()).or(() -> Optional.ofNullable(lastUpdatedAt.neo4j()));
    }

    /** The time of the last change; empty where it is unknown or no instant. */
    public Optional<Instant> changed() {
        return changedAsWritten().flatMap(GraphTimestamp::parse);
    }

    /**
     * How far Neo4j is behind, in microseconds, negative where it is ahead; empty where it is neither, and for several
     * copies.
     */
    public Optional<Long> behind() {
        if (copies > 1) {
            return Optional.empty();
        }
        return micros(lastUpdatedAt.postgresql()).flatMap(source ->
                micros(lastUpdatedAt.neo4j()).map(graph -> source - graph)).filter(micros -> micros != 0);
    }

    private static Optional<Long> micros(String timestamp) {
        return Optional.ofNullable(timestamp).flatMap(GraphTimestamp::parse).map(GraphTimestamp::micros);
    }

    /** Whether the report says more than the id. */
    public boolean isDescribed() {
        return changedAsWritten().isPresent() || title.isPresent() || copies > 0;
    }
}
