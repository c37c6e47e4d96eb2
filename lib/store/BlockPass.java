package syncdata.store;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import syncdata.run.WorkAhead;

/**
 * Reads PostgreSQL's table once, block after block. A range of blocks takes one short transaction; two run at a time.
 * A row that is written meanwhile may move: it then comes twice, or not at all. An entity that comes twice is looked up
 * by its id, as is one that seems to be only in Neo4j.
 */
final class BlockPass {
    /** Blocks in a range, at most and at first. */
    private static final int LONGEST = 2000;
    private static final int FIRST = 100;
    private static final int MOST_ENTITIES = 50_000;
    private static final int MOST_CONTENTS = 10_000;
    private static final int AHEAD = 2;
    private static final int AT_A_TIME = 2;
    /** The end of the last range: the table may have grown. */
    private static final long END = (1L << 32) - 1;

    private record Range(long from, long to) {
    }

    private final SourceStore source;
    private final Pace pace;
    private final EntityLayout layout;
    private final EntityPart part;
    private final Optional<SourceContents> contents;
    private final int mostEntities;

    /** @param contents what gives their contents too, if that is asked for */
    BlockPass(SourceStore source, Pace pace, EntityLayout layout, EntityPart part,
            Optional<SourceContents> contents) {
        this.source = source;
        this.pace = pace;
        this.layout = layout;
        this.part = part;
        this.contents = contents;
        this.mostEntities = contents.isPresent() ? MOST_CONTENTS : MOST_ENTITIES;
    }

    /**
     * Reads all of the part.
     *
     * @param pages takes what was read, on the caller's thread, and says whether it wants more
     * @return whether all was read: false where the taker wanted no more, or the run is to stop
     */
    boolean read(Predicate<EntityPage> pages) {
        BlockingQueue<SourceConnection> connections = new LinkedBlockingQueue<>();
        for (int i = 0; i < AT_A_TIME; i++) {
            connections.add(source.connection());
        }
        PageSize size = pace.blocks(FIRST, (int) Math.max(2, Math.min((double) LONGEST / layout.tables(),
                mostEntities / layout.perBlock())), layout.perBlock());
        AtomicBoolean wanted = new AtomicBoolean(true);
        try (WorkAhead<Range, EntityPage> work = new WorkAhead<>(AHEAD, AT_A_TIME,
                range -> read(range, size, connections),
                (range, page) -> wanted.compareAndSet(true, wanted.get() && pages.test(page.get())))) {
            long from = 0;
            while (from < layout.longest() || from == 0) {
                if (!wanted.get() || !pace.beforeBatch(0)) {
                    return false;
                }
                long to = from + size.now();
                work.add(new Range(from, to < layout.longest() ? to : END));
                from = to;
            }
            work.finish();
            return wanted.get();
        } finally {
            connections.forEach(SourceConnection::close);
        }
    }

    private EntityPage read(Range range, PageSize size, BlockingQueue<SourceConnection> connections) {
        SourceConnection connection = connections.remove();
        try {
            long before = pace.spent();
            EntityPage page = source.blocks(connection, range.from(), range.to(), part);
            contents.ifPresent(any -> any.addTo(page, connection,
                    SourceQueries.blocks(range.from(), range.to(), part.range())));
            size.took((int) Math.min(LONGEST, range.to() - range.from()), pace.spent() - before);
            return page;
        } finally {
            connections.add(connection);
        }
    }
}
