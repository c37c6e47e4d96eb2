package syncdata.command;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.Spec;
import picocli.CommandLine;
import syncdata.report.EntityListing;
import syncdata.report.ListingFormat;
import syncdata.rules.Verdict;
import syncdata.run.Words;

/** The entities of a report to show, and how. */
public final class ListingOptions {
    private static final int LINES_OF_A_TABLE = 20;
    /** The most entities: they are sorted in memory. */
    private static final int MOST = 100_000;

    @Spec(Target.MIXEE)
    private CommandLine.Model.CommandSpec command;

    @Option(names = "--class", paramLabel = "CLASSES", split = ",", order = 1,
            completionCandidates = Completions.Classes.class,
            description = "Only entities of these classes: ${COMPLETION-CANDIDATES}. Default: all.")
    private List<String> classes = List.of();

    @Option(names = "--entity-types", paramLabel = "A,B", split = ",", order = 2,
            completionCandidates = Completions.Types.class,
            description = "Only entities of these types; relation is one of them. Default: all.")
    private List<String> types = List.of();

    @Option(names = "--text", paramLabel = "TEXT", defaultValue = "", order = 3,
            description = "Only entities with this text in the id, the type or the title, in upper or lower case.")
    private String text;

    @Option(names = "--format", paramLabel = "table|json|ids", defaultValue = "table", order = 4,
            description =
            "table for people, json for programs, ids for other scripts: one a line. Default: ${DEFAULT-VALUE}.")
    private ListingFormat format;

    private int limit;

    @Option(names = {"-n", "--limit"}, paramLabel = "N", defaultValue = "0", order = 5,
            description = "Show so many. Default: " + LINES_OF_A_TABLE + " in a table, else " + MOST + ".")
    private void setLimit(int count) {
        if (count < 0) {
            throw new ParameterException(command.commandLine(),
                    "--limit is " + count + ": give a whole number from 1 on");
        }
        limit = count;
    }

    public ListingFormat format() {
        return format;
    }

    /** The most entities to show. */
    public int limit() {
        return limit > 0 ? limit : format == ListingFormat.TABLE ? LINES_OF_A_TABLE : MOST;
    }

    /** The entities to show. */
    public EntityListing.Filter filter() {
        Set<Verdict> wanted = classes.stream().map(this::verdict).collect(Collectors.toCollection(LinkedHashSet::new));
        return new EntityListing.Filter(wanted, new LinkedHashSet<>(types), text);
    }

    private Verdict verdict(String word) {
        List<String> known = Verdict.DIFFERENCES.stream().map(Verdict::label).toList();
        return Verdict.labelled(word.replace('-', ' ')).filter(Verdict::isDifference)
                .orElseThrow(() -> new ParameterException(
                command.commandLine(), "--class is " + Words.quoted(word) + ": did you mean "
                + Suggestion.nearest(word, known) + "?"));
    }

    /** Remarks for a person about what is not shown, a line each. */
    public List<String> remarks(EntityListing listing) {
        List<String> remarks = new ArrayList<>();
        if (format != ListingFormat.TABLE && listing.shown().size() < listing.matching()) {
            remarks.add(Words.count(listing.shown().size()) + " of " + Words.count(listing.matching())
                    + " are shown; --limit shows more");
        }
        if (listing.unknown() > 0) {
            remarks.add("of " + Words.entities(listing.unknown())
                    + " the report says no more than the id, so that nobody knows whether they fit");
        }
        return remarks;
    }
}
