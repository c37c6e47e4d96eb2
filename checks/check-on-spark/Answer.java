import java.io.Serializable;
import syncdata.run.Ending;

/** What comes back from a task. */
sealed interface Answer extends Serializable {

    /** What it found. */
    record Found(byte[] packed) implements Answer {
    }

    /** A failure for good, that would be the same if the task were tried again. */
    record Failed(Ending ending) implements Answer {
    }
}
