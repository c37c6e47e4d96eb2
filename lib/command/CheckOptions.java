package syncdata.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.Spec;
import picocli.CommandLine;
import syncdata.check.Checkpoint;
import syncdata.page.ReportPage;
import syncdata.rules.Comparison;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Selection;
import syncdata.rules.Settling;
import syncdata.rules.Slice;
import syncdata.run.Words;
import syncdata.store.Queries;

/** What to check, and where the report goes. */
public final class CheckOptions {
    /** The driver keeps at most a hundred connections to Neo4j, and PostgreSQL by default as many. */
    private static final int MOST_RANGES = 16;
    private static final String LAST = "last";

    @Spec(Target.MIXEE)
    private CommandLine.Model.CommandSpec command;

    @Option(names = "--check-results-file", paramLabel = "FILE", required = true, order = 1,
            description =
            "Where the report is written, as JSON; - is standard output, and events then go to standard error.")
    private Path checkResultsFile;

    @Option(names = "--page", paramLabel = "FILE", order = 7,
            description = "Write the report also as an HTML page for a browser into this file.")
    private Path page;

    private int batchSize;

    @Option(names = "--changed-after", paramLabel = "DATE|last", order = 3,
            description =
            "Check only entities whose last_updated_at, in either database, is more recent: a date or date-time in "
            + "ISO 8601, UTC unless it says otherwise; or last, for the beginning of the check whose report lies at "
            + "--check-results-file, less --settle.")
    private String changedAfter;

    @Option(names = "--entity-types", paramLabel = "A,B", split = ",", order = 4,
            completionCandidates = Completions.Types.class,
            description =
            "Check only these; relation is one of them. Default: all. The list of types is "
            + "lib/queries/entity-types.txt.")
    private List<String> entityTypes = List.of();

    @Option(names = "--compare", paramLabel = "timestamps|content", order = 5, defaultValue = "timestamps",
            converter = ComparisonConverter.class,
            description =
            "With content, what has the same timestamp is compared by every property that a repair would write, and a "
            + "relation by its two ends. Default: ${DEFAULT-VALUE}.")
    private Comparison comparison;

    @Option(names = "--slice", paramLabel = "K/N", order = 5, converter = SliceConverter.class,
            description = "Check only the K-th of N equal parts of all ids, so that N nights see everything.")
    private Slice slice = Slice.ALL;

    private int parallel;

    @Option(names = "--parallel", paramLabel = "N", defaultValue = "1", order = 5,
            description =
            "Check so many ranges of ids at a time, up to 16: worth it where a database is far away or has cores to "
            + "spare. More than this host has processors begin only while it has some to spare. Opens up to 3 N + 2 "
            + "connections to PostgreSQL and 5 N + 1 to Neo4j; --share, --rate and --max-load hold for all "
            + "together. Default: ${DEFAULT-VALUE}.")
    private void setParallel(int ranges) {
        if (ranges < 1 || ranges > MOST_RANGES) {
            throw new CommandLine.ParameterException(command.commandLine(),
                    "--parallel is " + ranges + ": give a whole number from 1 to " + MOST_RANGES);
        }
        parallel = ranges;
    }

    @Option(names = "--print-diffs", order = 6,
            description = "Put into the report what differs in each outdated, strange and altered entity.")
    private boolean printDiffs;

    @Option(names = "--settle", paramLabel = "TIME", defaultValue = "30s", order = 7,
            converter = TimeSpanConverter.class,
            description =
            "Believe a difference once its last change is this old, so that the platform has had the time to write it "
            + "to Neo4j. Default: ${DEFAULT-VALUE}.")
    private Duration settle;

    @Option(names = "--confirm-timeout", paramLabel = "TIME", defaultValue = "60s", order = 8,
            converter = TimeSpanConverter.class,
            description =
            "How long to wait for transactions that were open in PostgreSQL at the first look; what cannot be "
            + "confirmed by then is listed apart and not repaired. Default: ${DEFAULT-VALUE}.")
    private Duration confirmTimeout;

    @Option(names = "--temporary-folder", paramLabel = "DIR", order = 10,
            description =
            "Where temporary files are made: 25 bytes an entity where PostgreSQL has no index to read all from, and 16 "
            + "bytes a difference. Default: Java's, mostly /tmp.")
    private Path temporaryFolder;

    @Option(names = "--resume", order = 9,
            description =
            "Go on with an interrupted check, from the checkpoint beside its report; where there is none, begin anew.")
    private boolean resume;

    @Option(names = "--batch-size", paramLabel = "N", defaultValue = "1000", order = 2,
            description =
            "Entities looked up, compared or repaired at a time; pages are as many batches as --batch-time allows. "
            + "Default: ${DEFAULT-VALUE}.")
    private void setBatchSize(int size) {
        batchSize = batchSize(command, size);
    }

    static int batchSize(CommandLine.Model.CommandSpec command, int size) {
        if (size < 1 || size > 1_000_000) {
            throw new CommandLine.ParameterException(command.commandLine(),
                    "--batch-size is " + size + ": give a whole number from 1 to 1000000");
        }
        return size;
    }

    public Path checkResultsFile() {
        return checkResultsFile;
    }

    /** The report page, if one is wanted. */
    public ReportPage page() {
        return ReportPage.createBeside(Optional.ofNullable(page));
    }

    /** The folder for temporary files, if another than Java's is wanted. */
    public Optional<Path> temporaryFolder() {
        return Optional.ofNullable(temporaryFolder);
    }

    public int batchSize() {
        return batchSize;
    }

    public boolean printDiffs() {
        return printDiffs;
    }

    /** The number of ranges of ids to check at a time. */
    public int parallel() {
        return parallel;
    }

    /** The checkpoint beside the report, which is kept until the check is complete. */
    public Checkpoint checkpoint() {
        return Checkpoint.beside(checkResultsFile, resume);
    }

    /** What to compare. */
    public Comparison comparison() {
        return comparison;
    }

    /** The rules for when a difference is believed. */
    public Settling settling() {
        return new Settling(settle, confirmTimeout);
    }

    /** With {@code --changed-after last}, the check that this one goes on from. */
    Optional<LastCheck> lastCheck() {
        return LAST.equals(changedAfter) ? Optional.of(LastCheck.read(checkResultsFile)) : Optional.empty();
    }

    /**
     * The entities to check.
     *
     * @param queries know the types
     * @param last    the check that this one goes on from
     */
    Selection selection(Queries queries, Optional<LastCheck> last) {
        Selection ever = new Selection(EntityTypes.of(entityTypes, queries), Selection.EVER, slice);
        long after = last.map(check -> check.began(ever, comparison, settle)).orElseGet(this::changedAfter);
        return new Selection(ever.types(), after, slice);
    }

    private long changedAfter() {
        if (changedAfter == null) {
            return Selection.EVER;
        }
        return GraphTimestamp.parse(changedAfter).map(GraphTimestamp::micros)
                .orElseThrow(() -> invalid("--changed-after is \"" + changedAfter
                        + "\": give a date or date-time such as 2024-05-31 or 2024-05-31T22:00:00+02:00, or last"));
    }

    /** Reads the word of a {@link Comparison}. */
    static final class ComparisonConverter implements CommandLine.ITypeConverter<Comparison> {
        @Override
        public Comparison convert(String text) {
            return Stream.of(Comparison.values()).filter(comparison -> comparison.label().equals(text)).findFirst()
                    .orElseThrow(() -> new CommandLine.TypeConversionException(Words.quoted(text)
                            + " is neither timestamps nor content"));
        }
    }

    /** Reads two numbers, such as {@code 3/31}. */
    static final class SliceConverter implements CommandLine.ITypeConverter<Slice> {
        private static final Pattern WRITTEN = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

        @Override
        public Slice convert(String text) {
            Matcher written = WRITTEN.matcher(text);
            if (written.matches()) {
                int number = Integer.parseInt(written.group(1));
                int of = Integer.parseInt(written.group(2));
                if (number >= 1 && number <= of) {
                    return new Slice(number, of);
                }
            }
            throw new CommandLine.TypeConversionException(Words.quoted(text)
                    + " is no slice: write it like 3/31, the third of thirty-one parts");
        }
    }

    private CommandLine.ParameterException invalid(String message) {
        return new CommandLine.ParameterException(command.commandLine(), message);
    }
}
