package syncdata.command;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.Spec;
import picocli.CommandLine;
import syncdata.repair.Journal;
import syncdata.run.Events;
import syncdata.run.InputException;
import syncdata.store.Databases;

/** Whether a script keeps a journal, and where. */
public final class JournalOptions {
    @Spec(Target.MIXEE)
    private CommandLine.Model.CommandSpec command;

    @Option(names = "--journal", paramLabel = "FILE", order = 11,
            description =
            "Where what is changed or deleted is kept as it was, for checks/undo.java. Default: beside the report, "
            + "with its name and the time;"
                    + " in the current folder where there is no report file.")
    private Path journal;

    @Option(names = "--no-journal", order = 12, description = "Keep no journal: what is changed cannot be undone.")
    private boolean noJournal;

    /**
     * The journal of a run. Its file is created with the first change.
     *
     * @param beside the beginning of the default path; the time follows
     * @throws InputException if it cannot be written where it should be
     */
    public Journal journal(Databases databases, Events events, Path beside) {
        if (noJournal && journal != null) {
            throw new ParameterException(command.commandLine(),
                    "--journal and --no-journal exclude each other: give one of them");
        }
        if (noJournal) {
            return Journal.none();
        }
        String time = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC)
                .format(Instant.now());
        return Journal.at(journal == null
                ? beside.resolveSibling(beside.getFileName() + "." + time + ".journal") : journal, databases, events);
    }
}
