package syncdata;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import syncdata.GraphTimestamp.Precision;

/** All entities of one reader, one after the other in the order of their ids, with the next pages already asked for. */
public final class EntityStream {
    /** A reader gave its entities out of order: a comparison would be wrong. */
    public static final class OrderException extends RuntimeException {
        OrderException(String name, UUID id, UUID next) {
            super(name + " came out of order, " + next + " after " + id
                    + ": a page query must be ORDER BY id, ascending, and the index behind it must be sound");
        }
    }

    /** Pages read ahead: enough for a slow stream to go on while the merge waits for another. */
    private static final int AHEAD = 3;

    private final String name;
    private final boolean repeats;
    private final Supplier<EntityPage> reader;
    private final Executor executor;
    /** In order: each is asked for once the one before is there. */
    private final Queue<CompletableFuture<EntityPage>> ahead = new ArrayDeque<>();
    private CompletableFuture<EntityPage> lastAsked;
    private EntityPage page;
    private int position;
    private long otherIds;

    /**
     * @param name     what the reader gives, for the error that names two ids out of order
     * @param repeats  whether an id may come more than once
     * @param reader   gives page after page, and null after the last
     * @param executor reads ahead
     */
    public EntityStream(String name, boolean repeats, Supplier<EntityPage> reader, Executor executor) {
        this.name = name;
        this.repeats = repeats;
        this.reader = reader;
        this.executor = executor;
        this.lastAsked = CompletableFuture.supplyAsync(reader, executor);
        ahead.add(lastAsked);
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
        long high = high();
        long low = low();
        EntityPage before = page;
        int place = position;
        if (++position == page.size()) {
            turnPage();
        }
        if (!atEnd()) {
            int order = EntityId.compare(high, low, high(), low());
            if (order > 0 || order == 0 && !repeats) {
                throw new OrderException(name, before.id(place), id());
            }
        }
    }

    long high() {
        return page.high(position);
    }

    long low() {
        return page.low(position);
    }

    UUID id() {
        return page.id(position);
    }

    long micros() {
        return page.micros(position);
    }

    Precision precision() {
        return page.precision(position);
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
            try {
                page = ahead.remove().join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
            askForNext();
        } while (page != null && page.size() == 0);
    }

    private void askForNext() {
        lastAsked = lastAsked.thenApplyAsync(before -> before == null ? null : reader.get(), executor);
        ahead.add(lastAsked);
    }
}
