///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN ExplainEntity

import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import syncdata.check.Explanation;
import syncdata.command.ConnectedCommand;
import syncdata.command.EntityOptions;
import syncdata.run.ExitCode;
import syncdata.run.IdLog;
import syncdata.store.Databases;

@Command(name = "explain-entity", description = {
        "Shows what PostgreSQL and Neo4j hold of an entity side by side: every property, the relations from and to "
                + "it, and why it is in sync or is not.",
        "Changes nothing. Ends with 10 if anything shown differs."},
        exitCodeList = {"0:all is in sync", "2:an id that is no UUID, or wrong options", "10:something shown differs",
                "20:a database cannot be reached, or refuses the login"},
        footerHeading = "%nExamples:%n", footer = {
            "  explain-entity 393c0d67-0f6a-4c5e-9d3a-2b1f0e9d8c7b",
            "  jq -r '.entity_ids_to_reindex[]' report.json | explain-entity - --format json"})
class ExplainEntity extends ConnectedCommand {
    @Mixin
    private EntityOptions options;

    private boolean differs;

    public static void main(String[] arguments) {
        execute(new ExplainEntity(), arguments);
    }

    @Override
    protected ExitCode run() {
        try (IdLog ids = options.ids(); Databases databases = connect(queries(), AccessMode.READ)) {
            EntityOptions.forEachBatch(ids, batch -> Explanation.of(databases, batch).forEach(this::print));
            return differs ? ExitCode.DIFFERENCES_LEFT : ExitCode.IN_SYNC;
        }
    }

    private void print(Explanation explanation) {
        options.print(explanation);
        differs |= explanation.differs();
    }
}
