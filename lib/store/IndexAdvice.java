package syncdata.store;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import syncdata.run.InputException;

/** The usable indexes of each database, and whether an index that a query file asks for is among them. */
final class IndexAdvice {
    private IndexAdvice() {
    }

    /** The indexes of PostgreSQL. */
    static final class Postgres {
        private static final Pattern INDEX =
                Pattern.compile("(?i) ON (?:\\w+\\.)?(\\w+) ?\\(([^)]+)\\)(?: INCLUDE \\(([^)]+)\\))?");

        private final Set<String> definitions;
        private final Collection<Columns> indexes;

        /** @param definitions statements, as PostgreSQL writes them */
        Postgres(Collection<String> definitions, Collection<Columns> indexes) {
            this.definitions = definitions.stream().map(Postgres::signature).collect(Collectors.toSet());
            this.indexes = indexes;
        }

        /**
         * An index of all rows of a table.
         *
         * @param columns in their order, included ones last
         */
        record Columns(String table, List<String> columns) {
        }

        /** Whether there is the index of a statement, or the same of all rows. */
        boolean has(String statement) {
            String wanted = signature(statement);
            return definitions.contains(wanted) || definitions.contains(wanted.replaceFirst("where.*", ""));
        }

        /** Whether there is the index of a statement, or one of all rows that has its columns, the keys first. */
        boolean hasLike(String statement) {
            return definitions.contains(signature(statement)) || !statement.contains(" WHERE ")
                    && isIncluded(statement);
        }

        private boolean isIncluded(String statement) {
            Matcher wanted = INDEX.matcher(statement);
            if (!wanted.find()) {
                return true;
            }
            List<String> keys = names(wanted.group(2));
            List<String> included = wanted.group(3) == null ? List.of() : names(wanted.group(3));
            return indexes.stream().filter(index -> index.table().equalsIgnoreCase(wanted.group(1)))
                    .map(Columns::columns)
                    .anyMatch(columns -> columns.containsAll(included) && columns.size() >= keys.size()
                            && columns.subList(0, keys.size()).equals(keys));
        }

        /** What an index statement and PostgreSQL's own way of writing it have in common. */
        private static String signature(String statement) {
            return statement.toLowerCase(Locale.ROOT).replaceFirst("^.*? on (only )?[\\w.\"]+", "")
                    .replaceFirst("using btree", "").replaceAll("::text|[\\s();]", "");
        }
    }

    /** The indexes of Neo4j. */
    record Neo4j(Collection<Properties> indexes) {
        private static final Pattern INDEX = Pattern.compile("FOR .*?:`?(\\w+)`?.* ON \\((.+)\\)");

        /**
         * What an index covers.
         *
         * @param kind  {@code NODE} or {@code RELATIONSHIP}
         * @param of    labels or types
         * @param names of properties, in their order
         */
        record Properties(String kind, List<String> of, List<String> names) {
        }

        /**
         * Whether there is the index of a statement.
         *
         * @throws InputException if it is no statement for an index
         */
        boolean has(String statement) {
            Matcher index = INDEX.matcher(statement);
            if (!index.find()) {
                throw new InputException("The index statement \"" + statement + "\" of a query file cannot be read:"
                        + " write it as CREATE INDEX … FOR (e:Label) ON (e.property)");
            }
            String kind = index.group().startsWith("FOR ()") ? "RELATIONSHIP" : "NODE";
            List<String> properties = names(index.group(2)).stream().map(name -> name.replaceFirst("^\\w+\\.", ""))
                    .toList();
            return indexes.contains(new Properties(kind, List.of(index.group(1)), properties));
        }
    }

    private static List<String> names(String list) {
        return Pattern.compile(",").splitAsStream(list).map(String::strip).toList();
    }
}
