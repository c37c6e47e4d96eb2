package syncdata.run;

/** Something that the operator gave cannot be used. The message is one line: what is wrong and what to do. */
public class InputException extends RuntimeException {
    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
