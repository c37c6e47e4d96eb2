package syncdata.check;

import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import syncdata.rules.EntityId;
import syncdata.rules.GraphTimestamp.Precision;
import syncdata.rules.Selection;
import syncdata.run.Background;
import syncdata.store.ChangedEntities;
import syncdata.store.EntityPage;

/** Finds the entities that a check of what was changed has to look at: those that either database says were. */
final class Candidates {
    /** Where more than one entity in so many was changed, reading all is quicker than looking up. */
    private static final int OF_ALL = 20;
    private static final long FEWEST = 1000;
    private static final long MOST = 100_000;

    private final Selection selection;
    private final int most;
    private final NavigableSet<UUID> found = new TreeSet<>(EntityId.ORDER);

    private Candidates(Selection selection, long most) {
        this.selection = selection;
        this.most = (int) most;
    }

    /** How many are looked up at most, of so many entities. */
    static long most(long entities) {
        return Math.min(MOST, Math.max(FEWEST, entities / OF_ALL));
    }

    /**
     * Asks both databases at the same time.
     *
     * @param changed since the moment of the selection
     * @param most    how many there may be
     * @return their ids in order; empty where there are more, or the run is to stop before all are known
     */
    static Optional<NavigableSet<UUID>> find(ChangedEntities changed, Selection selection, long most) {
        Candidates candidates = new Candidates(selection, most);
        ExecutorService threads = Executors.newFixedThreadPool(3, Background.threads("changed"));
        try {
            boolean all = Stream.of(
                    CompletableFuture.supplyAsync(() -> changed.inSource(candidates::take), threads),
                    CompletableFuture.supplyAsync(() -> changed.nodes(candidates.most, candidates::take), threads),
                    CompletableFuture.supplyAsync(() -> changed.relationships(candidates.most, candidates::take),
                            threads))
                    .toList().stream().map(Background::join).reduce(true, Boolean::logicalAnd);
            return Optional.of(candidates.found).filter(any -> all);
        } finally {
            threads.shutdown();
        }
    }

    /** Whether there is room for more. */
    private synchronized boolean take(EntityPage page) {
        for (int i = 0; i < page.size() && found.size() <= most; i++) {
            if (page.precision(i) != Precision.UNREADABLE && selection.includesChange(page.micros(i))) {
                UUID id = new UUID(page.high(i), page.low(i));
                if (selection.slice().range().contains(id)) {
                    found.add(id);
                }
            }
        }
        return found.size() <= most;
    }
}
