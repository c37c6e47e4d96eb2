package syncdata.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import syncdata.rules.Comparison;
import syncdata.rules.DatabaseIdentity;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Selection;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.Version;

/**
 * Where a report comes from, as it stands in its {@code check}: the databases, what was compared, and what is counted
 * apart. Only this class knows the names of these fields. A report may lack any of them, or have other values than a
 * check writes.
 *
 * @param fields all fields in their order, those of a later version among them
 */
public record Provenance(ObjectNode fields) {

    /** The databases that were compared, and when. */
    public record Run(Instant started, Instant finished, DatabaseIdentity postgres, boolean fromStandby,
            DatabaseIdentity neo4j) {
    }

    /**
     * What was compared.
     *
     * @param partial     whether the check stopped before its end
     * @param checkedUpTo the last id that was checked; empty where there is none
     */
    public record Scope(Selection selection, Comparison comparison, boolean partial, Optional<UUID> checkedUpTo) {
    }

    /** Counts that are kept apart from the classes. */
    public record Apart(long altered, long dangling, long withoutId, long withOtherId, long unconfirmed) {
    }

    /** How the differences look. */
    public record Picture(Optional<SharedOffset> offset, DriftSummary summary,
            Optional<BlastRadius> blastRadius) {
    }

    /** A database as a report names it. Each part may be missing. */
    public record Database(Optional<String> host, Optional<String> name, Optional<String> id) {
        /** Whether the report says which it is. */
        public boolean isKnown() {
            return id.isPresent();
        }
    }

    /** The provenance of a report that has the seven fields alone. */
    public static final Provenance UNKNOWN = new Provenance(Json.MAPPER.createObjectNode());

    private static final String STARTED = "started";
    private static final String FINISHED = "finished";
    private static final String POSTGRESQL = "postgresql";
    private static final String SYSTEM_IDENTIFIER = "system_identifier";
    private static final String NEO4J = "neo4j";
    private static final String DATABASE_ID = "database_id";
    private static final String ENTITY_TYPES = "entity_types";
    private static final String CHANGED_AFTER = "changed_after";
    private static final String SLICE = "slice";
    private static final String COMPARED = "compared";
    private static final String PARTIAL = "partial";
    private static final String CHECKED_UP_TO = "checked_up_to";
    private static final String N_ALTERED = "n_altered";
    private static final String N_DANGLING = "n_dangling";
    private static final String N_WITHOUT_ID = "n_without_id";
    private static final String N_WITH_OTHER_ID = "n_with_other_id";
    private static final String N_UNCONFIRMED = "n_unconfirmed";
    private static final String SYSTEMATIC_OFFSET = "systematic_offset";
    private static final String SUMMARY = "summary";
    private static final String BLAST_RADIUS = "blast_radius";

    /** The names of the fields that say which entities a check looked at. */
    static final List<String> FILTERS =
            List.of(ENTITY_TYPES, CHANGED_AFTER, SLICE, COMPARED, PARTIAL, CHECKED_UP_TO);
    /** The names of the fields that tell databases apart, and of those that hold them. */
    static final List<List<String>> DATABASES = List.of(List.of(POSTGRESQL, SYSTEM_IDENTIFIER),
            List.of(POSTGRESQL, "name"), List.of(NEO4J, DATABASE_ID));

    /** The provenance of a check that has just ended. */
    public static Provenance of(Run run, Scope scope, Apart apart, Picture picture) {
        Selection selection = scope.selection();
        ObjectNode fields = Json.MAPPER.createObjectNode();
        fields.put("tool_version", Version.NUMBER);
        fields.put(STARTED, Json.timestamp(run.started()));
        fields.put(FINISHED, Json.timestamp(run.finished()));
        fields.set(POSTGRESQL, identity(run.postgres(), SYSTEM_IDENTIFIER));
        fields.put("from_standby", run.fromStandby());
        fields.set(NEO4J, identity(run.neo4j(), DATABASE_ID));
        fields.set(ENTITY_TYPES, types(selection));
        fields.put(CHANGED_AFTER, !selection.onlyChanged() ? null
                : Json.timestamp(Instant.EPOCH.plus(selection.changedAfter(), ChronoUnit.MICROS)));
        fields.set(SLICE, slice(selection));
        fields.put(COMPARED, scope.comparison().label());
        fields.put(PARTIAL, scope.partial());
        if (scope.partial()) {
            fields.put(CHECKED_UP_TO, scope.checkedUpTo().map(UUID::toString).orElse(null));
        }
        if (scope.comparison() == Comparison.CONTENT) {
            fields.put(N_ALTERED, apart.altered());
        }
        fields.put(N_DANGLING, apart.dangling());
        if (!selection.onlyChanged()) { // otherwise nobody looked for what belongs to no entity
            fields.put(N_WITHOUT_ID, apart.withoutId());
            fields.put(N_WITH_OTHER_ID, apart.withOtherId());
        }
        fields.set(SYSTEMATIC_OFFSET, Json.MAPPER.valueToTree(
                picture.offset().map(SharedOffset::json).orElse(null)));
        fields.set(SUMMARY, Json.MAPPER.valueToTree(picture.summary()));
        fields.put(N_UNCONFIRMED, apart.unconfirmed());
        picture.blastRadius().ifPresent(radius -> fields.set(BLAST_RADIUS, Json.MAPPER.valueToTree(radius)));
        return new Provenance(fields);
    }

    /** Whether nothing is known of the check. */
    public boolean isUnknown() {
        return fields.isEmpty();
    }

    /** The beginning of the check, as it is written. */
    public Optional<String> started() {
        return text(STARTED);
    }

    /** The beginning of the check; empty where it is unknown or no instant. */
    public Optional<Instant> startedAt() {
        return started().flatMap(GraphTimestamp::parse);
    }

    /** The end of the check, as it is written. */
    public Optional<String> finished() {
        return text(FINISHED);
    }

    /** The end of the check; empty where it is unknown or no instant. */
    public Optional<Instant> finishedAt() {
        return finished().flatMap(GraphTimestamp::parse);
    }

    /** The PostgreSQL that was compared. */
    public Database postgres() {
        return database(POSTGRESQL, SYSTEM_IDENTIFIER);
    }

    /** The Neo4j that was compared. */
    public Database neo4j() {
        return database(NEO4J, DATABASE_ID);
    }

    /** The types that were checked; empty for all, and where they are unknown. */
    public List<String> entityTypes() {
        return fields.path(ENTITY_TYPES).valueStream()
                .map(type -> type.isValueNode() ? type.asText() : type.toString()).toList();
    }

    /** The time after which an entity had to be changed to be checked, as it is written. */
    public Optional<String> changedAfter() {
        return text(CHANGED_AFTER);
    }

    /** What was compared; timestamps where the report does not say. */
    public Comparison comparison() {
        return fields.path(COMPARED).asText().equals(Comparison.CONTENT.label())
                ? Comparison.CONTENT : Comparison.TIMESTAMPS;
    }

    /** Whether the check stopped before its end. */
    public boolean isPartial() {
        return fields.path(PARTIAL).booleanValue();
    }

    /** The last id that a stopped check looked at, as it is written. */
    public Optional<String> checkedUpTo() {
        return text(CHECKED_UP_TO);
    }

    /** Altered entities; 0 where content was not compared. */
    public long altered() {
        return Math.max(0, fields.path(N_ALTERED).longValue());
    }

    /** Relations whose source or target PostgreSQL does not hold. */
    public long dangling() {
        return fields.path(N_DANGLING).asLong();
    }

    /** Nodes and relationships without an id. */
    public long withoutId() {
        return fields.path(N_WITHOUT_ID).asLong();
    }

    /** Nodes and relationships whose id is no lower-case UUID. */
    public long withOtherId() {
        return fields.path(N_WITH_OTHER_ID).asLong();
    }

    /** Entities that could not be confirmed in time. */
    public long unconfirmed() {
        return fields.path(N_UNCONFIRMED).asLong();
    }

    /**
     * The offset that most timestamps share, where the check found one.
     *
     * @throws InputException if it is not of the form that a check writes
     */
    public Optional<SharedOffset> systematicOffset() {
        JsonNode found = fields.path(SYSTEMATIC_OFFSET);
        if (!found.isObject()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SharedOffset.of(found));
        } catch (DateTimeParseException e) {
            throw new InputException("The report's check has a " + SYSTEMATIC_OFFSET + " of \"" + e.getParsedString()
                    + "\", which is no duration: take the report as it was written", e);
        }
    }

    /**
     * The summary of the differences, where there is one.
     *
     * @throws InputException if it is not of the form that a check writes
     */
    public Optional<DriftSummary> summary() {
        return value(SUMMARY, DriftSummary.class);
    }

    /**
     * What is tied to the entities that a repair deletes or reindexes, where the check looked.
     *
     * @throws InputException if it is not of the form that a check writes
     */
    public Optional<BlastRadius> blastRadius() {
        return value(BLAST_RADIUS, BlastRadius.class);
    }

    /** The fields for a reader: all without summaries of the differences. */
    public ObjectNode facts() {
        return fields.deepCopy().without(List.of(SUMMARY, SYSTEMATIC_OFFSET, BLAST_RADIUS));
    }

    /** What was compared, of which databases. Reports with equal scopes can be compared with each other. */
    public List<Object> scope() {
        return Stream.concat(DATABASES.stream().map(this::value), FILTERS.stream().map(this::filter))
                .collect(Collectors.toList());
    }

    /** Whether the check was of these types and this slice, and compared this. */
    public boolean isOf(Selection selection, Comparison comparison) {
        return types(selection).equals(fields.get(ENTITY_TYPES)) && slice(selection).equals(fields.get(SLICE))
                && fields.path(COMPARED).asText().equals(comparison.label());
    }

    /** A filter in words; {@code none} where there is none, and where the report does not say. */
    String filter(String name) {
        return value(List.of(name))
                .filter(value -> !value.equals(false) && !value.equals(Comparison.TIMESTAMPS.label()))
                .map(Object::toString).orElse("none");
    }

    /** A field, or a field of a field, as a value of Java; empty where it is missing or null. */
    Optional<Object> value(List<String> path) {
        JsonNode value = fields;
        for (String name : path) {
            value = value.path(name);
        }
        return value.isMissingNode() || value.isNull()
                ? Optional.empty() : Optional.of(Json.MAPPER.convertValue(value, Object.class));
    }

    private <T> Optional<T> value(String name, Class<T> type) {
        try {
            return Optional.ofNullable(Json.MAPPER.treeToValue(fields.path(name), type));
        } catch (JsonProcessingException e) {
            throw new InputException("The report's check has a " + name + " that cannot be read ("
                    + e.getOriginalMessage() + "): remove it, or take the report as it was written", e);
        }
    }

    private Optional<String> text(String name) {
        return text(fields.path(name));
    }

    private Database database(String name, String idName) {
        JsonNode database = fields.path(name);
        return new Database(text(database.path("host")), text(database.path("name")), text(database.path(idName)));
    }

    private static Optional<String> text(JsonNode value) {
        return value.isValueNode() && !value.isNull() ? Optional.of(value.asText()) : Optional.empty();
    }

    private static JsonNode types(Selection selection) {
        return Json.MAPPER.valueToTree(selection.types().isEmpty() ? null : new TreeSet<>(selection.types()));
    }

    private static JsonNode slice(Selection selection) {
        return Json.MAPPER.valueToTree(selection.slice().isAll() ? null : selection.slice().toString());
    }

    private static ObjectNode identity(DatabaseIdentity database, String idName) {
        return Json.MAPPER.createObjectNode().put("host", database.host()).put("name", database.name())
                .put(idName, database.id().orElse(null)).put("version", database.version());
    }
}
