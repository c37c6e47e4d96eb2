package syncdata.command;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.Spec;
import picocli.CommandLine;
import syncdata.repair.JournalReader;
import syncdata.run.InputException;

/** The journal that a script is to read. */
public final class JournalChoice {
    @Spec(Target.MIXEE)
    private CommandLine.Model.CommandSpec command;

    @Parameters(paramLabel = "JOURNAL", arity = "0..1",
            description = "The file that the event \"Writing journal\" of the repair names.")
    private Path file;

    @Option(names = "--last", paramLabel = "FOLDER", arity = "0..1", fallbackValue = ".", order = 1,
            description =
            "Instead of JOURNAL: the newest journal in this folder; in the current one where none is named.")
    private Path folder;

    /** Found once: newer journals may appear later. */
    private Optional<Path> journal = Optional.empty();

    /**
     * The file of the journal.
     *
     * @throws InputException if there is none in the folder
     */
    public Path journal() {
        if ((file == null) == (folder == null)) {
            throw new ParameterException(command.commandLine(),
                    "give the file of a journal, or --last for the newest in a folder");
        }
        if (journal.isEmpty()) {
            journal = Optional.of(file != null ? file : JournalReader.newest(folder));
        }
        return journal.get();
    }
}
