package syncdata.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.neo4j.driver.Value;
import syncdata.rules.ContentDigest;

/**
 * A column of a projection, which becomes a property of its name; how PostgreSQL packs it, and how Neo4j is asked for
 * it, so that many are compared at once.
 */
record ProjectedColumn(String name, Kind kind) {
    /** What becomes of its values in Neo4j. */
    enum Kind {
        TEXT, INSTANT, WHOLE, DECIMAL, FLAG,
        /** A value is there or not; what it is has to be looked at by itself. */
        OTHER;

        /** @param type as PostgreSQL's driver calls it */
        static Kind of(String type) {
            return switch (type) {
                case "text", "varchar", "uuid", "json", "jsonb", "name", "citext" -> TEXT;
                case "timestamptz" -> INSTANT;
                case "int8", "int4", "int2" -> WHOLE;
                case "float8", "float4", "numeric" -> DECIMAL;
                case "bool" -> FLAG;
                default -> OTHER;
            };
        }
    }

    /** The columns of a result, in their order. */
    static List<ProjectedColumn> of(ResultSetMetaData columns) throws SQLException {
        List<ProjectedColumn> all = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            all.add(new ProjectedColumn(columns.getColumnLabel(i), Kind.of(columns.getColumnTypeName(i))));
        }
        return all;
    }

    /** As SQL that gives the values of all rows one behind the other, less those that are absent or too long. */
    String values() {
        String column = column();
        return switch (kind) {
            case TEXT -> "string_agg(CASE WHEN " + bytes() + " <= " + ContentDigest.LONGEST_TEXT + " THEN "
                    + text() + " END, '')";
            case INSTANT -> "string_agg(timestamptz_send(" + column + "), ''::bytea)";
            case WHOLE -> "string_agg(int8send(CAST(" + column + " AS int8)), ''::bytea)";
            case DECIMAL -> "string_agg(float8send(CAST(" + column + " AS float8)), ''::bytea)";
            case FLAG -> "string_agg(boolsend(" + column + "), ''::bytea)";
            case OTHER -> "''::bytea";
        };
    }

    /** As SQL that gives how many bytes each value has, as four bytes; -1 where it is absent. */
    String lengths() {
        String length = switch (kind) {
            case TEXT -> bytes();
            case INSTANT, WHOLE, DECIMAL -> "8";
            case FLAG -> "1";
            case OTHER -> "0";
        };
        return "string_agg(int4send(CASE WHEN " + column() + " IS NULL THEN -1 ELSE " + length + " END), ''::bytea)";
    }

    private String column() {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private String text() {
        return "CAST(" + column() + " AS text)";
    }

    /** In the encoding in which it is sent. */
    private String bytes() {
        return "octet_length(textsend(" + text() + "))";
    }

    /** The property of {@code variable} as Cypher that gives a value of the kind, fails, or says that it is absent. */
    String cypher(String variable) {
        String property = variable + "." + CypherName.quoted(name);
        return switch (kind) {
            case TEXT -> "coalesce(left(" + property + ", " + (ContentDigest.LONGEST_TEXT + 1) + "), false)";
            case INSTANT -> "coalesce(" + property + ".epochMillis * 1000 + " + property + ".microsecond % 1000, '')";
            case WHOLE, DECIMAL, FLAG -> "coalesce(" + property + ", '')";
            case OTHER -> "CASE WHEN " + property + " IS NULL THEN '' ELSE true END";
        };
    }

    /**
     * Adds the next of the values as PostgreSQL sends them.
     *
     * @param length how many bytes it has
     */
    void add(ByteBuffer values, int length, ContentDigest digest) {
        switch (kind) {
            case TEXT -> addText(values, length, digest);
            case INSTANT -> digest.instant(PackedPage.sinceUnixEpoch(values.getLong()));
            case WHOLE -> digest.whole(values.getLong());
            case DECIMAL -> digest.decimal(values.getDouble());
            case FLAG -> digest.flag(values.get() != 0);
            case OTHER -> digest.unknown();
        }
    }

    private static void addText(ByteBuffer values, int length, ContentDigest digest) {
        digest.text(values.array(), values.position(), length);
        if (length <= ContentDigest.LONGEST_TEXT) {
            values.position(values.position() + length);
        }
    }

    /** Adds a value as Neo4j gives it. One of another type may be the same all the same, or not. */
    void add(Value value, ContentDigest digest) {
        Object held = value.asObject();
        if (held.equals(absent())) {
            digest.absent();
        } else if (kind == Kind.TEXT && held instanceof String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            digest.text(utf8, 0, utf8.length);
        } else if (kind == Kind.INSTANT && held instanceof Long micros) {
            digest.instant(micros);
        } else if (kind == Kind.WHOLE && held instanceof Long number) {
            digest.whole(number);
        } else if (kind == Kind.DECIMAL && held instanceof Double number) {
            digest.decimal(number);
        } else if (kind == Kind.FLAG && held instanceof Boolean flag) {
            digest.flag(flag);
        } else {
            digest.unknown();
        }
    }

    private Object absent() {
        return kind == Kind.TEXT ? Boolean.FALSE : "";
    }
}
