package syncdata.repair;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import syncdata.report.Report;
import syncdata.rules.DatabaseIdentity;
import syncdata.run.Events;
import syncdata.run.Json;
import syncdata.run.RefusedException;
import syncdata.store.Databases;

/** Where a saved report comes from. */
public final class ReportOrigin {
    private static final String ADVICE = ": connect to the one that the report is from, or add --any-database";

    private final JsonNode check;

    public ReportOrigin(Report report) {
        this.check = Json.MAPPER.valueToTree(report.check());
    }

    /** Says when the report was made, and what it does not tell. */
    public void tell(Events events) {
        if (check.isEmpty()) {
            events.warning(Events.Logger.REPAIR,
                    "The report has the seven fields alone: which databases it is from, and when, is not known",
                    Map.of());
        } else if (!known(check.at("/postgresql/system_identifier")) || !known(check.at("/neo4j/database_id"))) {
            events.warning(Events.Logger.REPAIR, "The report does not say which databases it is from", Map.of());
        }
        if (check.path("partial").asBoolean()) {
            Map<String, Object> fields = new HashMap<>();
            fields.put("checked_up_to", check.path("checked_up_to").asText(null));
            events.warning(Events.Logger.REPAIR, "The report is partial: its check was stopped before the last entity",
                    fields);
        }
    }

    /**
     * Makes sure that the report is from the databases that are connected, as far as it says so.
     *
     * @throws RefusedException if it is from others
     */
    public void requireSame(Databases databases) {
        DatabaseIdentity postgres = databases.source().identity();
        JsonNode source = check.path("postgresql");
        if (differs(source.path("system_identifier"), postgres.id()) || differs(source.path("name"), postgres.name())) {
            throw new RefusedException("The report is from another PostgreSQL database, "
                    + described(source, "system_identifier") + ", and connected is "
                    + described(postgres, "system identifier ") + ADVICE);
        }
        DatabaseIdentity neo4j = databases.graph().identity();
        JsonNode graph = check.path("neo4j");
        if (differs(graph.path("database_id"), neo4j.id())) {
            throw new RefusedException("The report is from another Neo4j database, " + described(graph, "database_id")
                    + ", and connected is "
                    + described(neo4j, "database id ") + ADVICE);
        }
    }

    private static boolean known(JsonNode value) {
        return value.isValueNode() && !value.isNull();
    }

    private static boolean differs(JsonNode reported, String connected) {
        return known(reported) && connected != null && !reported.asText().equals(connected);
    }

    private static String described(JsonNode database, String idName) {
        return described(new DatabaseIdentity(database.path("host").asText("?"), database.path("name").asText("?"),
                database.path(idName).asText("?"), null), idName.replace('_', ' ') + " ");
    }

    private static String described(DatabaseIdentity database, String idName) {
        return database.name() + " at " + database.host() + " (" + idName + database.id() + ")";
    }
}
