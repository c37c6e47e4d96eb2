package syncdata.command;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Suggestions for mistyped words. */
final class Suggestion {
    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

    private Suggestion() {
    }

    /** The known word at the smallest edit distance, the first of several. There is at least one known word. */
    static String nearest(String word, Collection<String> known) {
        return known.stream().min(Comparator.comparing(other -> DISTANCE.apply(word, other))).orElseThrow();
    }

    /** The nearest word, if its distance is at most half of the letters. */
    static Optional<String> near(String word, Collection<String> known) {
        return Optional.of(nearest(word, known)).filter(other -> DISTANCE.apply(word, other) <= word.length() / 2);
    }
}
