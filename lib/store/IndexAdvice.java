package syncdata.store;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The indexes of PostgreSQL that can be used now, and whether one that a query file asks for is among them. */
final class IndexAdvice {
    private static final Pattern INDEX =
            Pattern.compile("(?i) ON (?:\\w+\\.)?(\\w+) ?\\(([^)]+)\\)(?: INCLUDE \\(([^)]+)\\))?");

    /**
     * An index of all rows of a table.
     *
     * @param columns in their order, those that are only included last
     */
    record Columns(String table, List<String> columns) {
    }

    private final Set<String> definitions;
    private final Collection<Columns> indexes;

    /** @param definitions as statements */
    IndexAdvice(Collection<String> definitions, Collection<Columns> indexes) {
        this.definitions = definitions.stream().map(IndexAdvice::signature).collect(Collectors.toSet());
        this.indexes = indexes;
    }

    /** Whether there is what a statement makes, or the same of all rows. */
    boolean has(String statement) {
        String wanted = signature(statement);
        return definitions.contains(wanted) || definitions.contains(wanted.replaceFirst("where.*", ""));
    }

    /** Whether there is what a statement makes, or one of all rows that has its columns first and the others too. */
    boolean hasLike(String statement) {
        return definitions.contains(signature(statement)) || !statement.contains(" WHERE ") && isIncluded(statement);
    }

    private boolean isIncluded(String statement) {
        Matcher wanted = INDEX.matcher(statement);
        if (!wanted.find()) {
            return true;
        }
        List<String> keys = columns(wanted.group(2));
        List<String> included = wanted.group(3) == null ? List.of() : columns(wanted.group(3));
        return indexes.stream().filter(index -> index.table().equalsIgnoreCase(wanted.group(1))).map(Columns::columns)
                .anyMatch(columns -> columns.containsAll(included) && columns.size() >= keys.size()
                        && columns.subList(0, keys.size()).equals(keys));
    }

    /** What an index statement and PostgreSQL's own way of writing it have in common. */
    private static String signature(String statement) {
        return statement.toLowerCase(Locale.ROOT).replaceFirst("^.*? on (only )?[\\w.\"]+", "")
                .replaceFirst("using btree", "").replaceAll("::text|[\\s();]", "");
    }

    private static List<String> columns(String list) {
        return Pattern.compile(",").splitAsStream(list).map(String::strip).toList();
    }
}
