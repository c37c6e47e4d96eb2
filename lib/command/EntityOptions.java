package syncdata.command;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.Spec;
import picocli.CommandLine;
import syncdata.check.Explanation;
import syncdata.check.ExplanationText;
import syncdata.rules.EntityId;
import syncdata.run.IdLines;
import syncdata.run.IdLog;
import syncdata.run.Ids;
import syncdata.run.Json;
import syncdata.run.Words;

/** The entities that a script is asked about, and how it prints them. */
public final class EntityOptions {
    /** Entities that are read at a time. */
    private static final int BATCH = 20;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    @Spec(Target.MIXEE)
    private CommandLine.Model.CommandSpec command;

    @Parameters(paramLabel = "ID", arity = "1..*",
            description = "Entities, relations among them; - reads their ids from standard input, one a line.")
    private List<String> ids;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", order = 1,
            description = "text for people, or json: an object a line. Default: ${DEFAULT-VALUE}.")
    private OutputFormat format;

    @Option(names = "--relations", paramLabel = "N", defaultValue = "10", order = 2,
            description =
            "How many relations of each entity are shown, those that differ first. Default: ${DEFAULT-VALUE}.")
    private int relations;

    /**
     * Reads all ids, before anything is done with one.
     *
     * @throws CommandLine.ParameterException if one is no UUID
     */
    public IdLog ids() {
        IdLog file = new IdLog();
        try {
            if (ids.equals(List.of("-"))) {
                readLines(file);
            } else {
                ids.forEach(text -> file.add(id(text)));
            }
            if (file.count() == 0) {
                throw invalid("standard input holds no entity id: give one a line");
            }
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Hands out ids a few at a time, in their order, none twice in a batch. */
    public static void forEachBatch(Ids ids, Consumer<List<UUID>> action) {
        ids.forEachBatch(BATCH, batch -> action.accept(batch.stream().distinct().toList()));
    }

    /** Prints an entity on standard output. */
    public void print(Explanation explanation) {
        out.println(format == OutputFormat.JSON
                ? Json.line(explanation.json(relations)) : ExplanationText.of(explanation, relations));
    }

    /** Prints an entity as it was at some time, such as {@code before}. */
    public void print(Explanation explanation, String when) {
        if (format == OutputFormat.JSON) {
            Map<String, Object> json = new LinkedHashMap<>(Map.of("when", when));
            json.putAll(explanation.json(relations));
            out.println(Json.line(json));
        } else {
            out.println(when.toUpperCase(Locale.ROOT) + "  " + ExplanationText.of(explanation, relations));
        }
    }

    private void readLines(IdLog file) {
        try {
            IdLines.read(System.in, "The list of ids on standard input", file::add);
        } catch (IOException e) {
            throw new UncheckedIOException("standard input cannot be read", e);
        }
    }

    private UUID id(String text) {
        return EntityId.parse(text).orElseThrow(() -> invalid(Words.quoted(text)
                + " is no entity id: give a UUID such as 393c0d67-0f6a-4c5e-9d3a-2b1f0e9d8c7b"));
    }

    private CommandLine.ParameterException invalid(String message) {
        return new CommandLine.ParameterException(command.commandLine(), message);
    }
}
