package syncdata.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import syncdata.report.PropertyDifference;
import syncdata.rules.Content;
import syncdata.rules.Difference;
import syncdata.rules.EntityId;
import syncdata.rules.KeptProperties;
import syncdata.rules.Relation;
import syncdata.rules.Selection;
import syncdata.rules.TiedRelations;
import syncdata.rules.Verdict;
import syncdata.store.Databases;

/**
 * All that both databases hold of one entity, side by side, with the verdict on it and on its relations. Reading it
 * changes nothing.
 *
 * @param difference   the verdict, and what it rests on
 * @param rule         the rule that gave it
 * @param row          what PostgreSQL would put into the graph, by property; empty where it holds nothing
 * @param unreadable   why it cannot be put there; null where it can
 * @param inPostgresql the relations from and to it that PostgreSQL holds
 * @param inNeo4j      the same in Neo4j
 * @param relations    those of them that were compared, the differing ones first
 * @param kept         which properties belong to other services, and are not compared
 */
public record Explanation(Difference difference, Verdict.Rule rule, Map<String, Object> row, String unreadable,
                          TiedRelations inPostgresql, TiedRelations inNeo4j, List<TiedRelation> relations,
                          KeptProperties kept) {

    /**
     * A relation from or to the entity.
     *
     * @param inPostgresql null where PostgreSQL does not hold it
     * @param inNeo4j      one for each relationship with its id
     */
    public record TiedRelation(UUID id, Verdict verdict, Tie inPostgresql, List<Tie> inNeo4j) {

        /** Whether it differs, in its timestamp, its properties or its ends. */
        public boolean differs() {
            return verdict.isDifference();
        }

        /** The verdict as a word. */
        public String label() {
            return verdict.label();
        }
    }

    /** What a relation ties together. */
    public record Tie(String source, Object key, String target) {
    }

    /** Relations of an entity that are compared, on each side: those of the lowest ids. */
    static final int COMPARED = 1000;

    private static final int BATCH = 1000;

    /** Explains these entities, in the order given; twenty at a time cost little memory. */
    public static List<Explanation> of(Databases databases, Collection<UUID> ids) {
        List<Difference> differences = new Confirmation(databases).judge(ids, Selection.ALL);
        Map<UUID, TiedRelations> inPostgresql = databases.source().relations().byEntity(ids, COMPARED);
        Map<UUID, TiedRelations> inNeo4j = databases.graph().relations().byNode(ids, COMPARED);
        Map<UUID, TiedRelation> relations = relations(databases, inPostgresql.values(), inNeo4j.values());
        Map<UUID, String> unreadable = new HashMap<>();
        Map<UUID, Map<String, Object>> rows =
                Contents.readable(differences.stream().flatMap(difference -> difference.source().stream()).toList(),
                databases.source().projection()::properties, (state, reason) -> unreadable.put(state.id(), reason));
        KeptProperties kept = databases.source().projection().kept();
        List<Explanation> explanations = new ArrayList<>();
        for (Difference difference : differences) {
            UUID id = difference.id();
            TiedRelations source = inPostgresql.getOrDefault(id, TiedRelations.NONE);
            TiedRelations graph = inNeo4j.getOrDefault(id, TiedRelations.NONE);
            List<TiedRelation> compared = union(List.of(source, graph)).stream().map(relations::get)
                    .filter(Objects::nonNull)
                    .sorted(Comparator.comparing(relation -> !relation.differs())).toList();
            Verdict.Rule rule = Verdict.rule(difference.source(), difference.graph(), Selection.ALL);
            explanations.add(new Explanation(difference,
                    difference.verdict() == rule.verdict() ? rule
                            : Verdict.ofOtherContent(rule, difference.source().orElseThrow()),
                    rows.getOrDefault(id, Map.of()), unreadable.get(id), source, graph, compared, kept));
        }
        return explanations;
    }

    public UUID id() {
        return difference.id();
    }

    public Verdict verdict() {
        return difference.verdict();
    }

    /** The type in PostgreSQL, or where it holds nothing in Neo4j; may be null. */
    public String type() {
        return difference.type();
    }

    /** The properties that differ, where both databases hold the entity. */
    public Map<String, PropertyDifference> propertyDifferences() {
        return difference.source().isEmpty() || difference.graph().isEmpty() || unreadable != null ? Map.of()
                : PropertyDifference.between(row, difference.graph(), kept);
    }

    /** How many of the relations that were compared differ. */
    public long differingRelations() {
        return relations.stream().filter(TiedRelation::differs).count();
    }

    /** Whether anything differs: the entity itself, a property, or a relation from or to it. */
    public boolean differs() {
        return verdict().isDifference() || !propertyDifferences().isEmpty() || differingRelations() > 0;
    }

    /** The same as a value that can be written as JSON. */
    public Map<String, Object> json(int relationsShown) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id());
        json.put("type", type());
        json.put("class", verdict().label());
        json.put("rule", rule.words());
        json.put("differs", differs());
        json.put("postgresql", difference.source().isEmpty() ? null : plain(row));
        if (unreadable != null) {
            json.put("cannot_be_reindexed", unreadable);
        }
        json.put("neo4j", difference.graph().stream().map(Content::withEnds).map(Explanation::plain).toList());
        json.put("properties", propertyDifferences());
        Map<String, Object> tied = new LinkedHashMap<>();
        tied.put("n_in_postgresql", inPostgresql.count());
        tied.put("n_in_neo4j", inNeo4j.count());
        tied.put("n_compared", relations.size());
        tied.put("n_differing", differingRelations());
        tied.put("shown", relations.stream().limit(relationsShown).map(Explanation::json).toList());
        json.put("relations", tied);
        return json;
    }

    private static Map<String, Object> json(TiedRelation relation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", relation.id());
        json.put("class", relation.label());
        json.put("postgresql", relation.inPostgresql());
        json.put("neo4j", relation.inNeo4j());
        return json;
    }

    private static Map<String, Object> plain(Map<String, Object> properties) {
        Map<String, Object> plain = new TreeMap<>();
        properties.forEach((name, value) -> plain.put(name, PropertyDifference.plain(value)));
        return plain;
    }

    /** Compares relations, a batch at a time, and keeps little of each. */
    private static Map<UUID, TiedRelation> relations(Databases databases, Collection<TiedRelations> inPostgresql,
            Collection<TiedRelations> inNeo4j) {
        Confirmation confirmation = new Confirmation(databases);
        List<UUID> ids = union(Stream.concat(inPostgresql.stream(), inNeo4j.stream()).toList());
        Map<UUID, TiedRelation> relations = new HashMap<>();
        for (int from = 0; from < ids.size(); from += BATCH) {
            List<UUID> batch = ids.subList(from, Math.min(ids.size(), from + BATCH));
            Map<UUID, Tie> rows = Contents.readable(batch,
                    some -> databases.source().projection().relations(some).stream()
                    .collect(Collectors.toMap(Relation::id,
                            row -> new Tie(row.from(), PropertyDifference.plain(row.properties().get("key")),
                                    row.to()))),
                    (id, reason) -> { });
            for (Difference difference : confirmation.judge(batch, Selection.ALL)) {
                if (difference.verdict() != Verdict.GONE) {
                    List<Tie> held = difference.graph().stream()
                            .map(copy -> new Tie(copy.from(), PropertyDifference.plain(copy.properties().get("key")),
                                    copy.to())).toList();
                    relations.put(difference.id(),
                            new TiedRelation(difference.id(), difference.verdict(), rows.get(difference.id()), held));
                }
            }
        }
        return relations;
    }

    private static List<UUID> union(List<TiedRelations> relations) {
        return relations.stream().flatMap(tied -> tied.first().stream()).sorted(EntityId.ORDER).distinct().toList();
    }
}
