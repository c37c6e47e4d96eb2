///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN ShowReport

import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import syncdata.command.ListingOptions;
import syncdata.command.ScriptCommand;
import syncdata.report.EntityListing;
import syncdata.report.Report;
import syncdata.report.ReportReader;
import syncdata.run.ExitCode;

@Command(name = "show-report", description = {
        "Shows a saved report in the terminal: how many differ, and the entities in a table, those first that were "
                + "last changed longest ago.",
        "Needs no database."},
        exitCodeList = {"0:shown", "1:a fault in the program", "2:wrong options or unreadable input"},
        footerHeading = "%nExamples:%n", footer = {
            "  show-report report.json",
            "  show-report report.json --limit 3",
            "  show-report report.json --class missing --entity-types indicator --text apt",
            "  show-report report.json --class outdated --format ids | explain-entity -"})
class ShowReport extends ScriptCommand {
    @Parameters(paramLabel = "REPORT",
            description = "A report that sync-data or check has written; - reads it from standard input.")
    private Path file;

    @Mixin
    private ListingOptions options;

    public static void main(String[] arguments) {
        execute(new ShowReport(), arguments);
    }

    @Override
    protected ExitCode run() {
        try (Report report = ReportReader.read(file, true);
             PrintStream out = new PrintStream(new BufferedOutputStream(System.out), false, StandardCharsets.UTF_8)) {
            EntityListing listing = EntityListing.of(report, options.filter(), options.limit());
            options.format().print(report, listing, out);
            out.flush();
            options.remarks(listing).forEach(ShowReport::note);
            return ExitCode.IN_SYNC;
        }
    }
}
