package syncdata.command;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What somebody may have meant who mistyped a word. */
final class Suggestion {
    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

    private Suggestion() {
    }

    /** The known word that takes the fewest letters to change, the first of several; there is at least one. */
    static String nearest(String word, Collection<String> known) {
        return known.stream().min(Comparator.comparing(other -> DISTANCE.apply(word, other))).orElseThrow();
    }

    /** The nearest, if no more than half of the letters are to be changed. */
    static Optional<String> near(String word, Collection<String> known) {
        return Optional.of(nearest(word, known)).filter(other -> DISTANCE.apply(word, other) <= word.length() / 2);
    }
}
