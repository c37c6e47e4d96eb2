package syncdata.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
public final class Queries {
    /** The Cypher queries that can be planned: those that a check and its report use. */
    static final List<String> CYPHER_OF_CHECKS = List.of("best-connected.cypher", "graph-counts.cypher",
            "held-ids.cypher", "node-page-datetime.cypher", "node-page.cypher",
            "node-states.cypher", "node-without-timestamp-page.cypher", "relations-by-key.cypher",
            "relations-by-node.cypher",
            "relationship-page-datetime.cypher", "relationship-page.cypher", "relationship-states.cypher",
            "relationship-without-timestamp-page.cypher", "without-id.cypher");
    /** Those that a repair needs besides. */
    static final List<String> CYPHER_OF_REPAIRS = List.of("attached-relation-ids.cypher",
            "attached-relation-page.cypher", "clear-nodes.cypher", "create-relationships.cypher",
            "delete-attached-relationships.cypher", "delete-copies.cypher", "delete-nodes.cypher",
            "delete-relationships.cypher", "duplicate-ids.cypher",
            "duplicate-relation-ids.cypher", "lock-nodes.cypher", "lock-relationships.cypher", "nodes-to-merge.cypher",
            "nodes-to-change.cypher", "prepare-nodes.cypher",
            "relationships-to-change.cypher", "relationships-to-move.cypher", "update-relationships.cypher",
            "write-nodes.cypher");

    private static final Pattern INDEX = Pattern.compile("(?m)^(?://|--) index: (.+)$");

    private final Path folder;
    private final Map<String, String> texts = new ConcurrentHashMap<>();

    private Queries(Path folder) {
        this.folder = folder;
    }

    /** The built-in queries. */
    public static Queries builtIn() {
        return new Queries(null);
    }

    /**
     * The built-in queries, and those of a folder in their place.
     *
     * @throws InputException if the folder cannot be read or holds a query file that replaces none
     */
    public static Queries in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> strangers = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(".*\\.(sql|cypher|txt)")
                            && Queries.class.getResource("/queries/" + name) == null)
                    .sorted().toList();
            if (!strangers.isEmpty()) {
                throw new InputException("The queries folder " + folder + " holds " + String.join(", ", strangers)
                        + ", which replaces no built-in query: give it the name of a file in lib/queries");
            }
        } catch (IOException e) {
            throw new InputException("The queries folder " + folder
                    + " cannot be read: name a folder that holds query files");
        }
        return new Queries(folder);
    }

    /** The text of a query file, by its whole file name. */
    public String text(String name) {
        return texts.computeIfAbsent(name, this::read);
    }

    /** The lines of a list file, without blank lines and {@code #} comments. */
    public List<String> lines(String name) {
        return text(name).lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
    }

    /** The statement that makes the index which a query is fast with, from its {@code index:} comment. */
    public Optional<String> index(String name) {
        return indexes(name).stream().findFirst();
    }

    /** The statements for all of them, where there are several. */
    public List<String> indexes(String name) {
        return INDEX.matcher(text(name)).results().map(match -> match.group(1).strip()).toList();
    }

    /** Where a query of this name comes from, to be named in an error. */
    public String origin(String name) {
        return isReplaced(name) ? folder.resolve(name).toString() : "lib/queries/" + name;
    }

    /**
     * Whether a variant of a query may take its place, where it is quicker or an index is missing. It may not where the
     * operator's folder has the query alone: what an operator wrote is what is asked.
     */
    boolean hasVariant(String name, String variant) {
        return !isReplaced(name) || isReplaced(variant);
    }

    private boolean isReplaced(String name) {
        return folder != null && Files.exists(folder.resolve(name));
    }

    private String read(String name) {
        try {
            if (!isReplaced(name)) {
                return readBuiltIn(name);
            }
            // an editor's byte order mark
            String text = Files.readString(folder.resolve(name)).replaceFirst("^\uFEFF", "");
            if (name.endsWith(".sql")) {
                requireParameters(name, text);
            }
            return text;
        } catch (IOException e) {
            throw new InputException(origin(name) + " cannot be read: let it be text in UTF-8, readable by you", e);
        }
    }

    private String readBuiltIn(String name) throws IOException {
        try (InputStream in = Queries.class.getResourceAsStream("/queries/" + name)) {
            if (in == null) {
                throw new InputException(origin(name)
                        + " is not in the script as JBang built it: build it again with ./jbang build --fresh and "
                        + "the script's name");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A query that uses no parameter would read the whole table each time that it is asked. */
    private void requireParameters(String name, String text) throws IOException {
        List<String> wanted = parameters(readBuiltIn(name));
        if (!wanted.isEmpty() && parameters(text).isEmpty()) {
            throw new InputException(origin(name) + " uses no named parameters: let it use those of lib/queries/" + name
                    + ", which are :" + String.join(", :", wanted));
        }
    }

    private static List<String> parameters(String sql) {
        return new ColonPrefixSqlParser().parse(sql, null).getParameters().getParameterNames();
    }
}
