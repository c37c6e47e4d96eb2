///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN ReportPageCommand

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import syncdata.command.ScriptCommand;
import syncdata.page.ReportPage;
import syncdata.report.ComparedReports;
import syncdata.run.ExitCode;

@Command(name = "report-page",
        description =
        {"Prints saved reports as one HTML page for a browser: what differs, how far behind, since when, and the "
        + "entities in a table.",
        "Of several reports it shows the last, and what became of the others. Needs no database, and the page no "
        + "network."},
        exitCodeList = {"0:the page is written", "1:a fault in the program", "2:wrong options or unreadable input"},
        footerHeading = "%nExamples:%n", footer = {
            "  report-page report.json > page.html",
            "  report-page --page page.html report.json      says the verdict in a line, too",
            "  report-page --page page.html monday.json tuesday.json wednesday.json"})
class ReportPageCommand extends ScriptCommand {
    @Parameters(paramLabel = "REPORT", arity = "1..*",
            description =
            "Reports in the order in which they were made, the new one last. One of them may be -, for standard input.")
    private List<Path> files;

    @Option(names = "--page", paramLabel = "FILE", defaultValue = "-", order = 1,
            description = "Where the page is written. Default: -, which is standard output.")
    private Path page;

    public static void main(String[] arguments) {
        execute(new ReportPageCommand(), arguments);
    }

    @Override
    protected ExitCode run() {
        try (ReportPage out = ReportPage.create(page); ComparedReports reports = new ComparedReports(files)) {
            out.write(files, reports.reports());
            if (!page.equals(Path.of("-"))) {
                System.out.println(ReportPage.verdict(reports.reports().get(files.size() - 1)));
            }
            return ExitCode.IN_SYNC;
        }
    }
}
