package syncdata.store;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import syncdata.run.InputException;

/** The indexes that can be used now in each database, and whether one that a query file asks for is among them. */
final class IndexAdvice {
    private IndexAdvice() {
    }

    /** Those of PostgreSQL. */
    static final class Postgres {
        private static final Pattern INDEX =
                Pattern.compile("(?i) ON (?:\\w+\\.)?(\\w+) ?\\(([^)]+)\\)(?: INCLUDE \\(([^)]+)\\))?");

        private final Set<String> definitions;
        private final Collection<Columns> indexes;

        /** @param definitions as statements, as PostgreSQL writes them */
        Postgres(Collection<String> definitions, Collection<Columns> indexes) {
            this.definitions = definitions.stream().map(Postgres::signature).collect(Collectors.toSet());
            this.indexes = indexes;
        }

        /**
         * An index of all rows of a table.
         *
         * @param columns in their order, those that are only included last
         */
        record Columns(String table, List<String> columns) {
        }

        /** Whether there is what a statement makes, or the same of all rows. */
        boolean has(String statement) {
            String wanted = signature(statement);
            return definitions.contains(wanted) || definitions.contains(wanted.replaceFirst("where.*", ""));
        }

        /** Whether there is what a statement makes, or one of all rows with its columns first and the others too. */
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

    /** Those of Neo4j. */
    record Neo4j(Collection<Properties> indexes) {
        private static final Pattern INDEX = Pattern.compile("FOR .*?:`?(\\w+)`?.* ON \\((.+)\\)");

        /**
         * What an index is of.
         *
         * @param kind  {@code NODE} or {@code RELATIONSHIP}
         * @param of    its labels or types
         * @param names of properties, in their order
         */
        record Properties(String kind, List<String> of, List<String> names) {
        }

        /**
         * Whether there is what a statement makes.
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
