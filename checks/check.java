///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN CheckCommand

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import syncdata.command.CheckRun;
import syncdata.command.CheckRun.Job;
import syncdata.command.ConnectedCommand;
import syncdata.run.ExitCode;

@Command(name = "check", description =
        "Finds the entities in Neo4j that differ from PostgreSQL, and writes a report. Changes nothing.",
        footerHeading = "%nExamples:%n", footer = {
            "  check --check-results-file report.json",
            "  check --check-results-file report.json --entity-types ttp,relation --changed-after 2024-06-01",
            "  check --check-results-file - | apply-report --dry-run -"})
class CheckCommand extends ConnectedCommand {
    @Mixin
    private CheckRun check;

    public static void main(String[] arguments) {
        execute(new CheckCommand(), arguments);
    }

    @Override
    protected ExitCode run() {
        return check.run(new Job.Check(invocation()), queries(), this::connect);
    }
}
