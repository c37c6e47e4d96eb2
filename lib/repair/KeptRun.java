package syncdata.repair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import syncdata.report.Report;
import syncdata.report.ReportReader;
import syncdata.run.InputException;
import syncdata.run.Words;

/**
 * What a run has left in a folder: a report or a journal.
 *
 * @param started in ISO 8601; empty where the file does not tell
 * @param found   what the run found, or changed, in words
 * @param undo    whether that can be undone, in words; empty for a report
 */
public record KeptRun(String started, Path file, String found, String undo) {

    /**
     * The runs of a folder, the oldest first. Other files are left out.
     *
     * @param undo says of a journal whether it can be undone
     * @throws InputException if the folder cannot be read
     */
    public static List<KeptRun> in(Path folder, Function<JournalReader, String> undo) {
        List<KeptRun> runs = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".journal")) {
                    runs.add(ofJournal(file, undo));
                } else if (name.endsWith(".json")) {
                    ofReport(file).ifPresent(runs::add);
                }
            }
        } catch (IOException e) {
            throw new InputException("The folder " + folder
                    + " cannot be read: name one that holds reports and journals", e);
        }
        runs.sort(Comparator.comparing(KeptRun::started));
        return runs;
    }

    /** Lays it out for a person, in 80 columns. */
    public String text80() {
        StringBuilder lines = new StringBuilder(started.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d.*")
                ? started.substring(0, 16).replace('T', ' ') : "at a time unknown")
                .append("  ").append(Words.visible(file.getFileName().toString())).append('\n');
        String text = undo.isEmpty() ? found : found + ". Undo: " + undo;
        Words.wrap(Words.visible(text), 78, Integer.MAX_VALUE)
                .forEach(line -> lines.append("  ").append(line).append('\n'));
        return lines.toString();
    }

    private static KeptRun ofJournal(Path file, Function<JournalReader, String> undo) {
        try (JournalReader journal = JournalReader.open(file); JournalIndex index = JournalIndex.of(journal)) {
            String cut = journal.isCutOff() ? "; its last line was cut off" : "";
            return new KeptRun(journal.started(), file,
                    "changed " + counted(index.things(JournalIndex.Kind.NODE), "node") + ", "
                    + counted(index.things(JournalIndex.Kind.RELATION)
                            + index.things(JournalIndex.Kind.OTHER_RELATIONSHIP), "relationship") + cut,
                    undo.apply(journal));
        } catch (InputException e) {
            return new KeptRun("", file, "damaged", "no");
        }
    }

    private static Optional<KeptRun> ofReport(Path file) {
        try (Report report = ReportReader.read(file, false)) {
            List<String> classes = report.classes();
            String found = classes.isEmpty() ? "found all " + Words.count(report.checked()) + " in sync"
                    : "found " + String.join(", ", classes) + " of " + Words.count(report.checked());
            return Optional.of(new KeptRun(report.provenance().started().orElse(""), file,
                    found + (report.isPartial() ? "; stopped before its end" : ""), ""));
        } catch (InputException e) {
            return Optional.empty();
        }
    }

    private static String counted(long count, String what) {
        return Words.count(count) + " " + what + (count == 1 ? "" : "s");
    }
}
