package syncdata.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import syncdata.repair.Undo;
import syncdata.run.Words;

/** The conclusion of an undo, for a person. */
public record UndoConclusion(Invocation invocation, Path journal, Undo.Result result, boolean dryRun, boolean stopped) {

    /** The summary, in lines of 80 columns. */
    public List<String> summary(Duration took) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add((dryRun ? "To be put back in Neo4j: " : "Put back in Neo4j: ") + things(result.restored()) + ".");
        if (result.already() > 0) {
            lines.add("Stood as before already: " + things(result.already()) + ".");
        }
        if (result.skipped() > 0) {
            lines.add("Left, since somebody changed it after the repair: " + things(result.skipped())
                    + ", named above.");
        }
        if (result.failed() > 0) {
            lines.add("FAILED: " + things(result.failed()) + ", named above.");
        }
        if (dryRun) {
            lines.add("Nothing was changed.");
        }
        if (!dryRun && !stopped && result.failed() == 0) {
            lines.add("A check finds again what the repair had found.");
        }
        lines.add("Journal  " + Words.visible(journal.toString()));
        lines.add("Took     " + Conclusion.took(took));
        lines.add("Next     " + next());
        return lines;
    }

    private String next() {
        if (stopped) {
            return "the same command again: it goes on where it stopped";
        }
        if (dryRun) {
            return result.restored() > 0 ? invocation.other("undo", journal.toString())
                    : "nothing: there is nothing to put back";
        }
        return result.failed() > 0 ? "see the errors above; the same command again tries what failed"
                : invocation.other("check", "--check-results-file", "after.json");
    }

    private static String things(long count) {
        return Words.count(count) + (count == 1 ? " node or relationship" : " nodes and relationships");
    }
}
