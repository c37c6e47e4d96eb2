///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES lib/package-info.java
//MAIN SyncData

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import syncdata.command.CheckRun;
import syncdata.command.CheckRun.Job;
import syncdata.command.ConnectedCommand;
import syncdata.command.RepairOptions;
import syncdata.run.ExitCode;

@Command(name = "sync-data", description =
        "Finds the entities in Neo4j that differ from PostgreSQL, writes a report, and repairs them.",
        footerHeading = "%nExamples:%n", footer = {
            "  sync-data --check-results-file report.json --dry-run",
            "  sync-data --check-results-file report.json",
            "  sync-data --check-results-file - --entity-types indicator,relation",
            "The first looks and changes nothing, the second repairs too, the third does so",
            "for two types, with its report on standard output."})
class SyncData extends ConnectedCommand {
    @Mixin
    private CheckRun check;

    @Mixin
    private RepairOptions repair;

    @Option(names = "--dry-run", order = 5, description = "Check and report, change nothing.")
    private boolean dryRun;

    public static void main(String[] arguments) {
        execute(new SyncData(), arguments);
    }

    @Override
    protected ExitCode run() {
        Job job = dryRun ? new Job.DryRun(invocation()) : new Job.Repair(invocation(), repair);
        return check.run(job, queries(), this::connect);
    }
}
