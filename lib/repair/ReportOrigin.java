package syncdata.repair;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import syncdata.report.Provenance.Database;
import syncdata.report.Provenance;
import syncdata.report.Report;
import syncdata.rules.DatabaseIdentity;
import syncdata.run.Events;
import syncdata.run.RefusedException;
import syncdata.store.Databases;

/** Where a saved report comes from. */
public final class ReportOrigin {
    private static final String ADVICE = ": connect to the one that the report is from, or add --any-database";

    private final Provenance provenance;

    public ReportOrigin(Report report) {
        this.provenance = report.provenance();
    }

    /** Warns of what the report does not tell. */
    public void tell(Events events) {
        if (provenance.isUnknown()) {
            events.warning(Events.Logger.REPAIR,
                    "The report has the seven fields alone: which databases it is from, and when, is not known",
                    Map.of());
        } else if (!provenance.postgres().isKnown() || !provenance.neo4j().isKnown()) {
            events.warning(Events.Logger.REPAIR, "The report does not say which databases it is from", Map.of());
        }
        if (provenance.isPartial()) {
            Map<String, Object> fields = new HashMap<>();
            fields.put("checked_up_to", provenance.checkedUpTo().orElse(null));
            events.warning(Events.Logger.REPAIR, "The report is partial: its check was stopped before the last entity",
                    fields);
        }
    }

    /**
     * Makes sure that the report, as far as it tells, is from the databases that are connected.
     *
     * @throws RefusedException if it is from others
     */
    public void requireSame(Databases databases) {
        DatabaseIdentity postgres = databases.source().identity();
        Database source = provenance.postgres();
        if (differs(source.id(), postgres.id()) || differs(source.name(), Optional.of(postgres.name()))) {
            throw new RefusedException("The report is from another PostgreSQL database, "
                    + described(source, "system identifier ") + ", and connected is "
                    + described(postgres, "system identifier ") + ADVICE);
        }
        DatabaseIdentity neo4j = databases.graph().identity();
        Database graph = provenance.neo4j();
        if (differs(graph.id(), neo4j.id())) {
            throw new RefusedException("The report is from another Neo4j database, "
                    + described(graph, "database id ") + ", and connected is "
                    + described(neo4j, "database id ") + ADVICE);
        }
    }

    private static boolean differs(Optional<String> reported, Optional<String> connected) {
        return connected.isPresent() && reported.isPresent() && !reported.equals(connected);
    }

    private static String described(Database database, String idName) {
        return described(new DatabaseIdentity(database.host().orElse("?"), database.name().orElse("?"),
                Optional.of(database.id().orElse("?")), "?"), idName);
    }

    private static String described(DatabaseIdentity database, String idName) {
        return database.name() + " at " + database.host() + " (" + idName + database.id().orElse("unknown") + ")";
    }
}
