package syncdata.check;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import syncdata.rules.IdRange;
import syncdata.rules.Snapshot;
import syncdata.rules.Verdict;
import syncdata.run.IdLog;
import syncdata.run.Progress;
import syncdata.store.Databases;

/**
 * The check of a range of ids in another process: what is to be done there, and how its answer is taken here. It
 * changes nothing, so that it may be done more than once; one answer is taken.
 *
 * @param began when the whole check began
 * @param range the ids
 */
public record RangeTask(CheckTerms terms, Snapshot began, IdRange range) implements Serializable {
    /** Suspects with which a task ends before the end of its range: they bound the size of an answer. */
    private static final int MOST_SUSPECTS = 1 << 18;
    private static final int MOST_WITH_DIFFS = 1 << 14;

    /**
     * Does it. Where very much differs, it ends with a part of the range.
     *
     * @param databases no other range may use its connections to PostgreSQL meanwhile
     * @param cancelled whether nobody needs the answer any more
     * @return how far it came, what it suspected, and what it found: packed
     */
    public byte[] answer(Databases databases, BooleanSupplier cancelled) {
        return answer(databases, cancelled, terms.withDiffs() ? MOST_WITH_DIFFS : MOST_SUSPECTS);
    }

    /** @param most suspects with which it ends, once the batch that they are in is compared */
    byte[] answer(Databases databases, BooleanSupplier cancelled, int most) {
        Progress progress = new Progress();
        progress.begin(Progress.Phase.CHECK, 0);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (IdLog suspects = new IdLog();
             RangeCheck check = new RangeCheck(databases, terms, began, Optional.of(range));
             DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(answer, fast))) {
            Checkpoint.Range told = Checkpoint.told(range, suspects::add);
            try (RangeResult result = check.run(told, progress,
                    () -> cancelled.getAsBoolean() || suspects.count() >= most)) {
                told.reached().writeTo(out);
                out.writeLong(progress.now().orElseThrow().entities());
                suspects.writeTo(out);
                result.writeTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            fast.end();
        }
        return answer.toByteArray();
    }

    /**
     * Looks again, here, at what an interrupted check suspected in a range.
     *
     * @return what is to be joined to the answers for what that check left of the range
     */
    public static RangeResult again(Databases databases, CheckTerms terms, Snapshot began, Checkpoint.Range kept,
            Progress progress) {
        try (RangeCheck suspected = new RangeCheck(databases, terms, began, Optional.empty())) {
            return suspected.run(kept, progress, () -> false);
        }
    }

    /**
     * Takes an answer.
     *
     * @param kept     the range, of which something may have been checked before; it hears how far that is now
     * @param progress is told what was compared and found
     * @return what was found
     */
    public static RangeResult take(byte[] answer, Checkpoint.Range kept, Progress progress) {
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(answer)));
             IdLog suspects = new IdLog()) {
            RangePosition reached = RangePosition.read(in);
            progress.advance(in.readLong());
            suspects.addFrom(in);
            RangeResult result = RangeResult.read(in);
            Map<Verdict, Long> found = new EnumMap<>(Verdict.class);
            for (Verdict verdict : Verdict.values()) {
                found.put(verdict, result.findings().count(verdict));
            }
            progress.found(found);
            suspects.forEachBatch(1000, batch -> batch.forEach(kept::suspect));
            reached.upTo().ifPresent(kept::walkedTo);
            kept.reached(kept.reached().then(reached));
            kept.save();
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
