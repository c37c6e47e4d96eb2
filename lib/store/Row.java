package syncdata.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/** What one row of a query's result says. */
@FunctionalInterface
interface Row<T> {
    T read(ResultSet row) throws SQLException;
}
