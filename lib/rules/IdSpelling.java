package syncdata.rules;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How others write the id of an entity: in upper case, in braces, without hyphens, as a URN. Here an id is a lower-case
 * UUID.
 */
public final class IdSpelling {
    private static final Pattern UUID_OF_ANY_KIND =
            Pattern.compile(
                    "(?i)(?:urn:uuid:)?\\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?"
                            + "([0-9a-f]{4})-?([0-9a-f]{12})}?");

    private IdSpelling() {
    }

    /** The same id as others write it. */
    public static List<String> others(UUID id) {
        String lower = id.toString();
        String upper = lower.toUpperCase(Locale.ROOT);
        return Stream.of(upper, "{" + lower + "}", "{" + upper + "}", lower.replace("-", ""), upper.replace("-", ""),
                "urn:uuid:" + lower)
                .filter(text -> !text.equals(lower)).distinct().toList();
    }

    /** The id that a text stands for, however it is written; empty where it is none. */
    public static Optional<UUID> read(String text) {
        return Optional.of(UUID_OF_ANY_KIND.matcher(text)).filter(id -> id.matches())
                .map(id ->
                        UUID.fromString((id.group(1) + "-" + id.group(2) + "-" + id.group(3) + "-" + id.group(4) + "-"
                                + id.group(5)).toLowerCase(Locale.ROOT)));
    }
}
