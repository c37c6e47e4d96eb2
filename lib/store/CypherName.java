package syncdata.store;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names of labels and types as text of a query, for a Neo4j that takes none as a parameter (before 5.26). */
public final class CypherName {
    private CypherName() {
    }

    /**
     * A name that the parser reads as this very name, whatever characters it has. The parser replaces \\uXXXX before
     * all else, so that a doubled backtick alone is no protection; what it puts in the place of \\u005C is not looked
     * at again.
     */
    public static String quoted(String name) {
        return "`" + name.replace("\\", "\\u005C").replace("`", "``") + "`";
    }

    /** Several of them, as they stand behind a colon. */
    public static String quoted(Collection<String> names) {
        return names.stream().map(CypherName::quoted).collect(Collectors.joining(":"));
    }
}
