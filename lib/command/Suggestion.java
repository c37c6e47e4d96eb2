package syncdata.command;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What somebody may have meant who mistyped a word. */
final class Suggestion {
    private Suggestion() {
    }

    /** The known word that takes the fewest letters to change, the first of several; there is at least one. */
    static String nearest(String word, Collection<String> known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return known.stream().min(Comparator.comparing(other -> distance.apply(word, other))).orElseThrow();
    }
}
