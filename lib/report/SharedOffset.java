package syncdata.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import syncdata.run.Words;

/**
 * The offset that most differing timestamps share: a mistake with a time zone.
 *
 * @param offset PostgreSQL's timestamp minus Neo4j's
 * @param second another offset, an hour away, where summer time makes two of one mistake
 * @param share  of the differences that have one of these offsets, from 0 to 1
 * @param n      the number of differences
 */
public record SharedOffset(Duration offset, Optional<Duration> second, double share, long n) {

    /** Reads what {@link #json} gives. */
    static SharedOffset of(JsonNode json) {
        Optional<Duration> second = json.hasNonNull("second_offset")
                ? Optional.of(Duration.parse(json.get("second_offset").asText())) : Optional.empty();
        return new SharedOffset(Duration.parse(json.path("offset").asText()), second, json.path("share").asDouble(),
                json.path("n").asLong());
    }

    /** A sentence without its full stop. */
    public String words() {
        long percent = (long) Math.floor(share * 100 + 1e-9);
        String hours = "exactly " + Words.duration(offset.abs())
                + second.map(other -> " or " + Words.duration(other.abs())).orElse("");
        return percent + " % of the " + n + " timestamps that differ are " + hours
                + (offset.isNegative() ? " ahead" : " behind")
                + " in Neo4j: that is a mistake with a time zone" + (second.isPresent() ? " that has summer time" : "")
                + ", not drift";
    }

    /** The same as a value that can be written as JSON. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("offset", offset.toString());
        second.ifPresent(other -> json.put("second_offset", other.toString()));
        json.put("share", Math.round(share * 1000) / 1000.0);
        json.put("n", n);
        return json;
    }
}
