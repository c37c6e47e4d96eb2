package syncdata.check;

import java.util.UUID;
import syncdata.run.InputException;

/** A reader gave its entities out of order: a comparison would be wrong. */
public final class OrderException extends InputException {
    OrderException(String name, UUID id, UUID next) {
        super(name + " came out of order, " + next + " after " + id
                + ": a page query must be ORDER BY id, ascending, and the index behind it must be sound");
    }
}
