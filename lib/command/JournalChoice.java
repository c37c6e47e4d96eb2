package syncdata.command;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import syncdata.repair.JournalReader;
import syncdata.run.InputException;

/** Which journal is meant. */
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

    private Path journal;

    /**
     * The journal's file.
     *
     * @throws InputException if there is none in the folder
     */
    public Path journal() {
        if ((file == null) == (folder == null)) {
            throw new ParameterException(command.commandLine(),
                    "give the file of a journal, or --last for the newest in a folder");
        }
        if (journal == null) {
            journal = file != null ? file : JournalReader.newest(folder);
        }
        return journal;
    }
}
