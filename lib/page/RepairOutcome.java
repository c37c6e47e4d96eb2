package syncdata.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import syncdata.run.Words;

/**
 * What a repair did about what a check found.
 *
 * @param healed  entities that needed nothing any more
 * @param left    differences that are left, failed ones among them
 * @param refusal why a guard stopped the deletions, if it did
 */
public record RepairOutcome(long deleted, long reindexed, long healed, long failed, long left,
        Optional<String> refusal) {

    /** A sentence, given the number of differences that were found. */
    String words(long found) {
        List<String> done = new ArrayList<>(
                List.of(Words.count(deleted) + " deleted", Words.count(reindexed) + " reindexed"));
        if (healed > 0) {
            done.add(Words.count(healed) + " needed nothing any more");
        }
        if (failed > 0) {
            done.add(Words.count(failed) + " failed");
        }
        String what = String.join(", ", done) + ".";
        if (left > 0) {
            return Words.count(left) + " of " + Words.count(found) + " differences " + (left == 1 ? "is" : "are")
                    + " left: " + what;
        }
        return "Repaired: " + (found == 1 ? "the one difference is" : "all " + Words.count(found) + " differences are")
                + " gone: " + what;
    }
}
