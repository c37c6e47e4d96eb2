package syncdata;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.neo4j.driver.types.Entity;
import org.neo4j.driver.types.Node;
import org.neo4j.driver.types.Relationship;
import syncdata.check.Check;
import syncdata.check.Explanation;
import syncdata.check.ExplanationText;
import syncdata.command.EntityTypes;
import syncdata.command.EventOptions;
import syncdata.command.ScriptCommand;
import syncdata.repair.Journal;
import syncdata.repair.Reindex;
import syncdata.repair.RepairLock;
import syncdata.report.Report;
import syncdata.rules.EntityId;
import syncdata.rules.Selection;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.Ids;
import syncdata.run.InputException;
import syncdata.run.SortedIds;
import syncdata.run.TextTable;
import syncdata.run.Words;
import syncdata.store.Databases;
import syncdata.store.Failure;
import syncdata.store.Queries;
import syncdata.store.Rows;

/** The verbs of the console. Each one prints its result; an error is one line on standard error. */
public final class ConsoleVerbs {
    private static final int ROWS = 20;
    private static final int IDS = 10;
    private static final int BATCH = 1000;

    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static Queries queries;
    private static Databases databases;
    private static Journal journal;
    private static ExitCode exitCode = ExitCode.IN_SYNC;

    private static final String VERBS = """
            check()             what differs; check("ttp", "relation") looks at these types
            explain("id", …)    what both databases hold of entities, and why they differ
            node("id")          all that Neo4j holds of an entity, whole
            reindex("id", …)    makes entities and their relations equal to PostgreSQL
            sql("SELECT …")     asks PostgreSQL, which can only be read
            cypher("MATCH …")   asks Neo4j, to read only
            sql(text, n)        shows n rows instead of %d; so does cypher(text, n)
            databases()         both databases, for what the library can do besides
            help                these lines
            /exit               ends the session
            """.formatted(ROWS);

    /** Help for a person who types no parentheses. */
    public static final Object help = new Object() {
        @Override
        public String toString() {
            return System.lineSeparator() + VERBS;
        }
    };

    private ConsoleVerbs() {
    }

    /** Sets the databases for the verbs, and the journal for what they change. */
    public static void use(Queries opened, Databases both, Journal changes) {
        queries = opened;
        databases = both;
        journal = changes;
    }

    /** The exit code of the last verb that failed; in sync where none failed. */
    public static ExitCode exitCode() {
        return exitCode;
    }

    /** Both databases, for what the library can do besides. */
    public static Databases databases() {
        return databases;
    }

    /** Lists the verbs. */
    public static void help() {
        OUT.print(VERBS);
    }

    /** Compares all entities or some types, and shows how many differ and the first of them. */
    public static void check(String... types) {
        attempt(() -> {
            Selection selection = Selection.ofTypes(EntityTypes.of(List.of(types), queries));
            Events silent = Events.silent();
            try (Report report = new Check(databases, silent, selection, BATCH, false).run()) {
                TextTable table = new TextTable(
                        List.of("ok", "outdated", "strange", "altered", "missing", "not deleted"));
                table.add(List.of(report.ok(), report.outdated(), report.strange(), report.altered(), report.missing(),
                        report.notDeleted()));
                OUT.print(table);
                print("to delete", report.toDelete());
                print("to reindex", report.toReindex());
            }
        });
    }

    /** Shows what both databases hold of entities, and why they are in sync or are not. */
    public static void explain(String... ids) {
        attempt(() -> explain(read(ids)));
    }

    /** Shows all that Neo4j holds of an entity: the labels, or the type, and every property, a line each. */
    public static void node(String id) {
        attempt(() -> {
            String text = read(id).get(0).toString(); // a UUID, so that it can stand in a query
            Rows found = databases.graph()
                    .query(queries.text("whole-entity.cypher").replace("$id", "'" + text + "'"), IDS);
            if (found.values().isEmpty()) {
                OUT.println("Neo4j holds nothing under " + text);
            }
            found.values().forEach(row -> show((Entity) row.get(0)));
        });
    }

    private static void show(Entity entity) {
        OUT.println(Words.visible(entity instanceof Node node ? "(:" + String.join(":", node.labels()) + ")"
                : "[:" + ((Relationship) entity).type() + "]"));
        new TreeMap<>(entity.asMap()).forEach((name, value) -> OUT.println("  " + Words.visible(name + ": " + value)));
    }

    /** Makes entities, with all their relations, equal to PostgreSQL, whatever their timestamps say, and shows them. */
    public static void reindex(String... ids) {
        attempt(() -> {
            List<UUID> entities = read(ids);
            try (RepairLock lock = RepairLock.take(databases); SortedIds file = SortedIds.of(entities)) {
                Reindex.require(databases, file, false);
                if (Reindex.run(databases, EventOptions.besideOutput(), lock, journal, entities, false).failed() > 0) {
                    exitCode = ExitCode.PARTLY_REPAIRED;
                }
            }
            explain(entities);
        });
    }

    /** Shows the first rows of a query to PostgreSQL. */
    public static void sql(String query) {
        sql(query, ROWS);
    }

    public static void sql(String query, int rows) {
        attempt(() -> OUT.println(databases.source().query(query, rows)));
    }

    /** Shows the first rows of a query to Neo4j. */
    public static void cypher(String query) {
        cypher(query, ROWS);
    }

    public static void cypher(String query, int rows) {
        attempt(() -> OUT.println(databases.graph().query(query, rows)));
    }

    private static List<UUID> read(String... ids) {
        return Stream.of(ids).distinct()
                .map(id -> EntityId.parse(id).orElseThrow(() ->
                        new InputException(Words.quoted(id) + " is no entity id"))).toList();
    }

    private static void explain(List<UUID> ids) {
        Explanation.of(databases, ids).forEach(explanation -> OUT.println(ExplanationText.of(explanation, IDS)));
    }

    private static void print(String title, Ids ids) {
        if (ids.count() > 0) {
            OUT.println(title + (ids.count() > IDS ? ", the first " + IDS + " of " + ids.count() : "") + ":");
        }
        Iterator<UUID> iterator = ids.iterator();
        for (int i = 0; i < IDS && iterator.hasNext(); i++) {
            OUT.println("  " + iterator.next());
        }
    }

    private static void attempt(Runnable verb) {
        try {
            verb.run();
        } catch (RuntimeException e) {
            Failure failure = Failure.of(e);
            exitCode = failure.exitCode();
            ScriptCommand.printError(failure.message());
        }
    }
}
