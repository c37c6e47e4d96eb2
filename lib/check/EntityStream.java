package syncdata.check;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import syncdata.rules.EntityId;
import syncdata.rules.GraphTimestamp.Precision;
import syncdata.rules.IdRange;
import syncdata.run.Background;
import syncdata.store.EntityPage;
import syncdata.store.PageReader.Answer;
import syncdata.store.PageReader.End;
import syncdata.store.PageReader.Page;
import syncdata.store.PageReader;

/**
 * All entities of one reader, one after the other in the order of their ids. The next pages are read ahead.
 *
 * <pre>
 *   database --reader.next()--> lastRead --unpacked()--> ahead (a queue of 3) --turnPage()--> page, position --> walk
 *              one at a time,                beside the next read,               on the walk's
 *              in the background             in the background                   own thread
 * </pre>
 */
public final class EntityStream {
    /** Pages read ahead: a slow stream goes on while the walk waits for another. */
    private static final int AHEAD = 3;

    private final String name;
    private final boolean repeats;
    private final PageReader reader;
    private final UUID last;
    private final Executor executor;
    /** The next pages in order; empty ones at the end. */
    private final Queue<CompletableFuture<Optional<EntityPage>>> ahead = new ArrayDeque<>();
    /** The answer that was asked for last. The one after it is asked for once this one is there. */
    private CompletableFuture<Answer> lastRead;
    private EntityPage page = new EntityPage(0);
    private int position;
    private boolean atEnd;
    /** The id that it stands on, in halves: the innermost loop reads it. */
    private long high;
    private long low;
    private long otherIds;

    /**
     * @param name     of what the reader gives, for the error that names two ids out of order
     * @param repeats  whether an id may come more than once
     * @param executor reads and unpacks pages
     */
    public EntityStream(String name, boolean repeats, PageReader reader, Executor executor) {
        this(name, repeats, reader, IdRange.ALL, executor);
    }

    /** @param range entities behind its end are left out: the reader's last page may have some */
    EntityStream(String name, boolean repeats, PageReader reader, IdRange range, Executor executor) {
        this.name = name;
        this.repeats = repeats;
        this.reader = reader;
        this.last = range.last();
        this.executor = executor;
        ask(CompletableFuture.supplyAsync(reader::next, executor));
        while (ahead.size() < AHEAD) {
            askForNext();
        }
    }

    /** Waits for the first page, to stand on its first entity. */
    void begin() {
        turnPage();
    }

    boolean atEnd() {
        return atEnd;
    }

    /**
     * Goes on to the next entity.
     *
     * @throws OrderException if its id is not behind the one before
     */
    void advance() {
        long highBefore = high;
        long lowBefore = low;
        if (++position == page.size()) {
            turnPage();
        } else {
            stand();
        }
        if (!atEnd) {
            int order = EntityId.compare(highBefore, lowBefore, high, low);
            if (order > 0 || order == 0 && !repeats) {
                throw new OrderException(name, new UUID(highBefore, lowBefore), id());
            }
        }
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    UUID id() {
        return new UUID(high, low);
    }

    long micros() {
        return page.micros(position);
    }

    Precision precision() {
        return page.precision(position);
    }

    /** Whether it is a relation in PostgreSQL, or a relationship in Neo4j. */
    boolean relation() {
        return page.relation(position);
    }

    /** What stands for its content. */
    long digest() {
        return page.digest(position);
    }

    boolean selected() {
        return page.selected(position);
    }

    /** How many ids that are no lower-case UUID went by. */
    long otherIds() {
        return otherIds + page.otherIdsBefore(position);
    }

    private void turnPage() {
        do {
            otherIds += page.otherIdsBefore(page.size());
            turnTo(Background.join(ahead.remove()));
            askForNext();
        } while (!atEnd && page.size() == 0);
        if (!atEnd) {
            stand();
        }
    }

    private void turnTo(Optional<EntityPage> next) {
        page = next.orElseGet(() -> new EntityPage(0));
        position = 0;
        atEnd = next.isEmpty();
    }

    private void stand() {
        high = page.high(position);
        low = page.low(position);
        if (EntityId.compare(high, low, last.getMostSignificantBits(), last.getLeastSignificantBits()) > 0) {
            otherIds += page.otherIdsBefore(position);
            turnTo(Optional.empty());
            ahead.clear();
        }
    }

    private void askForNext() {
        ask(lastRead.thenApplyAsync(before -> before instanceof End ? before : reader.next(), executor));
    }

    private void ask(CompletableFuture<Answer> read) {
        lastRead = read;
        ahead.add(read.thenApplyAsync(EntityStream::unpacked, executor));
    }

    private static Optional<EntityPage> unpacked(Answer read) {
        return read instanceof Page page ? Optional.of(page.unpacked())
                : read instanceof End ? Optional.empty() : Optional.of(new EntityPage(0));
    }
}
