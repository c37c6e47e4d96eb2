package syncdata.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import syncdata.run.InputException;

/**
 * The query files: everything that knows the data model. A file in the operator's folder wins over the built-in of the
 * same name.
 */
public final class Queries implements Serializable {
    /** The Cypher queries of a check and its report that can be planned. */
    static final List<String> CYPHER_OF_CHECKS = List.of("best-connected.cypher", "graph-counts.cypher",
            "held-ids.cypher", "node-page-datetime.cypher", "node-page.cypher",
            "node-states.cypher", "node-without-timestamp-page.cypher", "relations-by-key.cypher",
            "relations-by-node.cypher",
            "relationship-page-datetime.cypher", "relationship-page.cypher", "relationship-states.cypher",
            "relationship-without-timestamp-page.cypher", "without-id.cypher");
    /** The Cypher queries of a repair, besides. */
    static final List<String> CYPHER_OF_REPAIRS = List.of("attached-relation-ids.cypher",
            "attached-relation-page.cypher", "clear-nodes.cypher", "create-relationships.cypher",
            "delete-attached-relationships.cypher", "delete-copies.cypher", "delete-nodes.cypher",
            "delete-relationships.cypher", "duplicate-ids.cypher",
            "duplicate-relation-ids.cypher", "lock-nodes.cypher", "lock-relationships.cypher", "nodes-to-merge.cypher",
            "nodes-to-change.cypher", "prepare-nodes.cypher",
            "relationships-to-change.cypher", "relationships-to-move.cypher", "update-relationships.cypher",
            "write-nodes.cypher");

    private static final Pattern INDEX = Pattern.compile("(?m)^(?://|--) index: (.+)$");
    /** It remembers what it has parsed. */
    private static final ColonPrefixSqlParser PARSER = new ColonPrefixSqlParser();
    private static final Map<String, String> BUILT_IN = new ConcurrentHashMap<>();

    private final String folder;
    private final HashMap<String, String> replaced;

    /** @param replaced the text of each file of the folder, by its name */
    private Queries(String folder, HashMap<String, String> replaced) {
        this.folder = folder;
        this.replaced = replaced;
    }

    /** The built-in queries. */
    public static Queries builtIn() {
        return new Queries("", new HashMap<>());
    }

    /**
     * The built-in queries, and those of a folder in their place.
     *
     * @throws InputException if the folder cannot be read or holds a query file that replaces none
     */
    public static Queries in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(".*\\.(sql|cypher|txt)")).sorted().toList();
            List<String> strangers =
                    names.stream().filter(name -> Queries.class.getResource("/queries/" + name) == null).toList();
            if (!strangers.isEmpty()) {
                throw new InputException("The queries folder " + folder + " holds " + String.join(", ", strangers)
                        + ", which replaces no built-in query: give it the name of a file in lib/queries");
            }
            HashMap<String, String> replaced = new HashMap<>();
            names.forEach(name -> replaced.put(name, read(folder.resolve(name))));
            return new Queries(folder.toString(), replaced);
        } catch (IOException e) {
            throw new InputException("The queries folder " + folder
                    + " cannot be read: name a folder that holds query files");
        }
    }

    /** The text of a query file, by its whole file name. */
    public String text(String name) {
        return isReplaced(name) ? replaced.get(name) : BUILT_IN.computeIfAbsent(name, Queries::readBuiltIn);
    }

    /** The lines of a list file, without blank lines and {@code #} comments. */
    public List<String> lines(String name) {
        return text(name).lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
    }

    /** The statement for the index of a query, from its {@code index:} comment. */
    public Optional<String> index(String name) {
        return indexes(name).stream().findFirst();
    }

    /** The statements for all indexes of a query. */
    public List<String> indexes(String name) {
        return INDEX.matcher(text(name)).results().map(match -> match.group(1).strip()).toList();
    }

    /** The file of a query, for an error. */
    public String origin(String name) {
        return isReplaced(name) ? Path.of(folder, name).toString() : "lib/queries/" + name;
    }

    /**
     * Whether a built-in variant may take the place of a query. Not so where an operator's folder replaces the query
     * and not the variant: what an operator wrote is what is asked.
     */
    boolean hasVariant(String name, String variant) {
        return !isReplaced(name) || isReplaced(variant);
    }

    /** Whether a query has a named parameter of the built-in one: an operator's own may be without. */
    boolean hasParameter(String name, String parameter) {
        return !isReplaced(name) || parameters(text(name)).contains(parameter);
    }

    private boolean isReplaced(String name) {
        return replaced.containsKey(name);
    }

    private static String read(Path file) {
        try {
            String text = Files.readString(file).replaceFirst("^\uFEFF", ""); // a byte order mark
            if (file.toString().endsWith(".sql")) {
                requireParameters(file, text);
            }
            return text;
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: let it be text in UTF-8, readable by you", e);
        }
    }

    private static String readBuiltIn(String name) {
        try (InputStream in = Queries.class.getResourceAsStream("/queries/" + name)) {
            if (in == null) {
                throw new InputException("lib/queries/" + name
                        + " is not in the script as JBang built it: build it again with ./jbang build --fresh and "
                        + "the script's name");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new InputException("lib/queries/" + name + " cannot be read", e);
        }
    }

    /** A query without parameters would read the whole table each time. */
    private static void requireParameters(Path file, String text) {
        String name = file.getFileName().toString();
        List<String> wanted = parameters(readBuiltIn(name));
        if (!wanted.isEmpty() && parameters(text).isEmpty()) {
            throw new InputException(file + " uses no named parameters: let it use those of lib/queries/" + name
                    + ", which are :" + String.join(", :", wanted));
        }
    }

    private static List<String> parameters(String sql) {
        return PARSER.parse(sql, null).getParameters().getParameterNames();
    }
}
