package syncdata.repair;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.neo4j.driver.exceptions.Neo4jException;
import syncdata.rules.GraphState;
import syncdata.rules.GraphTimestamp;

/**
 * Nodes that have all of their row but the timestamp. They have none, or, where an existence constraint asks for one,
 * that of 1970. A check finds either, as strange or outdated.
 */
final class Placeholders {
    private static final ZonedDateTime LONG_AGO = Instant.EPOCH.atZone(ZoneOffset.UTC);
    private static final Pattern ASKED_FOR = Pattern.compile("must have .*" + Copy.TIMESTAMP);

    /** Whether a constraint asks for a timestamp: not known before Neo4j refuses a node without. */
    private volatile boolean timestampRequired;

    /**
     * Does work that leaves placeholders, and repeats it with a timestamp where Neo4j refuses them without.
     *
     * @param work takes the timestamp that they get
     */
    <T> T leave(Function<Optional<Object>, T> work) {
        if (!timestampRequired) {
            try {
                return work.apply(Optional.empty());
            } catch (Neo4jException e) {
                if (!ASKED_FOR.matcher(String.valueOf(e.getMessage())).find()) {
                    throw e;
                }
                timestampRequired = true;
            }
        }
        return work.apply(Optional.of(LONG_AGO));
    }

    /** A placeholder as it was left, to know it again. */
    List<GraphState> seen(UUID id) {
        Object stored = timestampRequired ? LONG_AGO : null;
        return List.of(new GraphState(id, false, null, GraphTimestamp.of(stored), Map.of(), null, null, stored));
    }

    /** Whether these copies are one placeholder: it says nothing that could be newer. */
    static boolean isOne(List<GraphState> copies) {
        return copies.size() == 1 && !copies.get(0).relationship()
                && (copies.get(0).stored() == null || copies.get(0).stored().equals(LONG_AGO));
    }
}
