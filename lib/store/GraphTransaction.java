package syncdata.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.neo4j.driver.Record;
import org.neo4j.driver.Result;
import org.neo4j.driver.SimpleQueryRunner;
import org.neo4j.driver.summary.ResultSummary;

/** One transaction in Neo4j. Each query is a query file, by its whole name. */
public final class GraphTransaction {
    private final GraphQueries queries;
    private final AnswerDeadline deadline;
    private final SimpleQueryRunner transaction;
    private final List<Runnable> afterRollback = new ArrayList<>();
    private boolean rolledBack;

    GraphTransaction(GraphQueries queries, AnswerDeadline deadline, SimpleQueryRunner transaction) {
        this.queries = queries;
        this.deadline = deadline;
        this.transaction = transaction;
    }

    /** What a query gives, which must be one row. */
    public Record single(String name, Map<String, Object> parameters) {
        return single(name, UnaryOperator.identity(), parameters);
    }

    /**
     * Likewise.
     *
     * @param named puts names into the query that no parameter can give; see {@link CypherName}
     */
    public Record single(String name, UnaryOperator<String> named, Map<String, Object> parameters) {
        return queries.single(ask(name, named, parameters, Result::list), name);
    }

    /** All that a query gives. */
    public List<Record> rows(String name, Map<String, Object> parameters) {
        return rows(name, UnaryOperator.identity(), parameters);
    }

    /** Likewise, with names put into it. */
    public List<Record> rows(String name, UnaryOperator<String> named, Map<String, Object> parameters) {
        return ask(name, named, parameters, Result::list);
    }

    /** Runs a query, and says what it did. */
    public ResultSummary run(String name, Map<String, Object> parameters) {
        return run(name, UnaryOperator.identity(), parameters);
    }

    /** Likewise, with names put into it. */
    public ResultSummary run(String name, UnaryOperator<String> named, Map<String, Object> parameters) {
        return ask(name, named, parameters, Result::consume);
    }

    /** Takes back all that was done in it, once the work is over. */
    public void rollBack() {
        rolledBack = true;
    }

    /** Whether it is not to be committed. */
    public boolean isRolledBack() {
        return rolledBack;
    }

    /** Has something done once it is certain that nothing of this transaction was committed. */
    public void afterRollback(Runnable action) {
        afterRollback.add(action);
    }

    /** It is certain now. */
    void isGone() {
        afterRollback.forEach(Runnable::run);
    }

    private <T> T ask(String name, UnaryOperator<String> named, Map<String, Object> parameters,
            Function<Result, T> taken) {
        return deadline.await(() -> queries.run(transaction::run, name, named, parameters, taken));
    }
}
