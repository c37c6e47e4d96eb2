package syncdata.store;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names of labels and types, quoted for the text of a query: before 5.26, Neo4j takes none as a parameter. */
public final class CypherName {
    private CypherName() {
    }

    /**
     * A name in backticks. The parser replaces \\uXXXX before all else, so that doubling backticks alone is no
     * protection. The backslash that it puts in place of \\u005C is not read again.
     */
    public static String quoted(String name) {
        return "`" + name.replace("\\", "\\u005C").replace("`", "``") + "`";
    }

    /** Several names, as they stand behind a colon. */
    public static String quoted(Collection<String> names) {
        return names.stream().map(CypherName::quoted).collect(Collectors.joining(":"));
    }
}
