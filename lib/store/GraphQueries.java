package syncdata.store;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.neo4j.driver.Record;
import org.neo4j.driver.Result;
import org.neo4j.driver.exceptions.ClientException;
import syncdata.run.InputException;

/** The query files for Neo4j, in the dialect of the server. An error of a query names its file. */
final class GraphQueries {
    private static final Pattern MISTAKE =
            Pattern.compile("Neo\\.ClientError\\.Statement\\.(SyntaxError|SemanticError|ParameterMissing|AccessMode)");

    private final Queries files;
    private final Supplier<CypherDialect> dialect;

    /** @param dialect asked for only where a file depends on it */
    GraphQueries(Queries files, Supplier<CypherDialect> dialect) {
        this.files = files;
        this.dialect = dialect;
    }

    /** The text of a query file. */
    String text(String name) {
        String text = files.text(name);
        return text.contains("elementId(") ? dialect.get().text(text) : text;
    }

    /**
     * Runs a query file.
     *
     * @param runner runs a text in a session or transaction
     * @param edited edits the text before
     * @param taken  reads the result to its end
     * @throws InputException if the file has a mistake
     */
    <T> T run(BiFunction<String, Map<String, Object>, Result> runner, String name, UnaryOperator<String> edited,
            Map<String, Object> parameters, Function<Result, T> taken) {
        try {
            return taken.apply(runner.apply(edited.apply(text(name)), parameters));
        } catch (ClientException e) {
            if (MISTAKE.matcher(e.code()).matches()) {
                throw new InputException("Neo4j says of " + files.origin(name) + ": "
                        + e.getMessage().lines().findFirst().orElse("")
                        + "; correct that file", e);
            }
            throw e;
        }
    }

    /**
     * The only row that a query file gave.
     *
     * @throws InputException if it gave none or several
     */
    Record single(List<Record> rows, String name) {
        if (rows.size() != 1) {
            throw new InputException(files.origin(name) + " gave " + rows.size()
                    + " rows where one is expected: collect them as the built-in query does");
        }
        return rows.get(0);
    }
}
