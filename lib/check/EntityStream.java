package syncdata.check;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import syncdata.rules.EntityId;
import syncdata.rules.GraphTimestamp.Precision;
import syncdata.rules.IdRange;
import syncdata.run.Background;
import syncdata.store.EntityPage;
import syncdata.store.PageReader;

/**
 * All entities of one reader, one after the other in the order of their ids, with the next pages already asked for.
 *
 * <pre>
 *   database --reader.next()--> lastRead --unpack--> ahead (a queue of 3) --turnPage()--> page, position --> walk
 *               one at a time,                in the background,              on the walk's
 *               in the background             beside the next read            own thread
 * </pre>
 *
 * A reader that gives null has come to its end, and so has a stream whose page is null. A page may be empty: none of
 * its ids is one of PostgreSQL's kind, or it was too large for the server; the next one goes on.
 */
public final class EntityStream {
    /** Pages read ahead: enough for a slow stream to go on while the merge waits for another. */
    private static final int AHEAD = 3;

    private final String name;
    private final boolean repeats;
    private final PageReader reader;
    private final UUID last;
    private final Executor executor;
    /** In order: each is asked for once the one before is there. */
    private final Queue<CompletableFuture<EntityPage>> ahead = new ArrayDeque<>();
    private CompletableFuture<Supplier<EntityPage>> lastRead =
            CompletableFuture.completedFuture(() -> new EntityPage(0));
    private EntityPage page;
    private int position;
    /** Of the entity it stands on: asked for again and again. */
    private long high;
    private long low;
    private long otherIds;

    /**
     * @param name     what the reader gives, for the error that names two ids out of order
     * @param repeats  whether an id may come more than once
     * @param executor reads ahead, and unpacks beside
     */
    public EntityStream(String name, boolean repeats, PageReader reader, Executor executor) {
        this(name, repeats, reader, IdRange.ALL, executor);
    }

    /** @param range only those before its end; the reader's last page may go beyond it */
    EntityStream(String name, boolean repeats, PageReader reader, IdRange range, Executor executor) {
        this.name = name;
        this.repeats = repeats;
        this.reader = reader;
        this.last = range.last();
        this.executor = executor;
        while (ahead.size() < AHEAD) {
            askForNext();
        }
    }

    /** Waits for the first page, to stand on its first entity. */
    void begin() {
        turnPage();
    }

    boolean atEnd() {
        return page == null;
    }

    /**
     * Goes on to the next entity.
     *
     * @throws OrderException if its id is not above the one before
     */
    void advance() {
        long highBefore = high;
        long lowBefore = low;
        if (++position == page.size()) {
            turnPage();
        } else {
            stand();
        }
        if (!atEnd()) {
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

    boolean selected() {
        return page.selected(position);
    }

    /** How many ids that are no lower-case UUID went by. */
    long otherIds() {
        return otherIds + (page == null ? 0 : page.otherIdsBefore(position));
    }

    private void turnPage() {
        position = 0;
        do {
            otherIds += page == null ? 0 : page.otherIdsBefore(page.size());
            page = Background.join(ahead.remove());
            askForNext();
        } while (page != null && page.size() == 0);
        if (page != null) {
            stand();
        }
    }

    private void stand() {
        high = page.high(position);
        low = page.low(position);
        if (EntityId.compare(high, low, last.getMostSignificantBits(), last.getLeastSignificantBits()) > 0) {
            otherIds += page.otherIdsBefore(position);
            page = null;
            ahead.clear();
        }
    }

    private void askForNext() {
        lastRead = lastRead.thenApplyAsync(before -> before == null ? null : reader.next(), executor);
        ahead.add(lastRead.thenApplyAsync(read -> read == null ? null : read.get(), executor));
    }
}
