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

/** A transaction in Neo4j. Its queries are query files, by their whole names. */
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

    /** The only row that a query gives. */
    public Record single(String name, Map<String, Object> parameters) {
        return single(name, UnaryOperator.identity(), parameters);
    }

    /**
     * The only row that a query gives.
     *
     * @param named puts names into the text that cannot be parameters; see {@link CypherName}
     */
    public Record single(String name, UnaryOperator<String> named, Map<String, Object> parameters) {
        return queries.single(ask(name, named, parameters, Result::list), name);
    }

    /** All rows that a query gives. */
    public List<Record> rows(String name, Map<String, Object> parameters) {
        return rows(name, UnaryOperator.identity(), parameters);
    }

    /** All rows that a query with names in its text gives. */
    public List<Record> rows(String name, UnaryOperator<String> named, Map<String, Object> parameters) {
        return ask(name, named, parameters, Result::list);
    }

    /** Runs a query, and tells what it did. */
    public ResultSummary run(String name, Map<String, Object> parameters) {
        return run(name, UnaryOperator.identity(), parameters);
    }

    /** Runs a query with names in its text, and tells what it did. */
    public ResultSummary run(String name, UnaryOperator<String> named, Map<String, Object> parameters) {
        return ask(name, named, parameters, Result::consume);
    }

    /** Lets the transaction be rolled back at its end. */
    public void rollBack() {
        rolledBack = true;
    }

    /** Whether the transaction is to be rolled back. */
    public boolean isRolledBack() {
        return rolledBack;
    }

    /** Registers an action for when it is certain that nothing was committed. */
    public void afterRollback(Runnable action) {
        afterRollback.add(action);
    }

    /** Says that nothing was committed. */
    void isGone() {
        afterRollback.forEach(Runnable::run);
    }

    private <T> T ask(String name, UnaryOperator<String> named, Map<String, Object> parameters,
            Function<Result, T> taken) {
        return deadline.await(() -> queries.run(transaction::run, name, named, parameters, taken));
    }
}
