package syncdata.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.UUID;
import syncdata.rules.EntityId;

/** Ids in ascending order, to search in. */
public final class SortedIds extends Ids {
    private static final int SORTED_IN_MEMORY = 1 << 17;

    private UUID last;
    private Optional<UUID> repeated = Optional.empty();

    private SortedIds() {
    }

    private static final class Unsorted extends Ids {
    }

    /** A sorted run: a part of the ids that ascends, and how far it is read. */
    private static final class SortedRun implements Comparable<SortedRun> {
        private final Ids all;
        private final long end;
        private long next;

        SortedRun(Ids all, long from, long end) {
            this.all = all;
            this.next = from;
            this.end = end;
        }

        @Override
        public int compareTo(SortedRun other) {
            return EntityId.ORDER.compare(all.get(next), other.all.get(other.next));
        }
    }

    public static SortedIds none() {
        return new SortedIds();
    }

    /** Sorts ids in memory. */
    public static SortedIds of(Collection<UUID> ids) {
        SortedIds sorted = new SortedIds();
        ids.stream().sorted(EntityId.ORDER).forEach(sorted::add);
        return sorted;
    }

    /**
     * Reads a {@link IdLines list of ids} from a file, each id once.
     *
     * @throws InputException if it cannot be read, or a line is no id
     */
    public static SortedIds ofLines(Path file) {
        try (InputStream in = Files.newInputStream(file); Unsorted ids = new Unsorted()) {
            IdLines.read(in, "The file of ids " + file, ids::append);
            try (SortedIds all = of(ids)) {
                return all.distinct();
            }
        } catch (IOException e) {
            throw new InputException("The file of ids " + file + " cannot be read: " + AtomicFile.reason(e)
                    + "; name a text file that you may read");
        }
    }

    /** Sorts ids on the disk, with memory for a hundred thousand of them. */
    static SortedIds of(Ids ids) {
        SortedIds sorted = new SortedIds();
        try (Unsorted runs = new Unsorted()) {
            ids.forEachBatch(SORTED_IN_MEMORY, batch -> {
                batch.sort(EntityId.ORDER);
                batch.forEach(runs::append);
            });
            PriorityQueue<SortedRun> next = new PriorityQueue<>();
            for (long from = 0; from < runs.count(); from += SORTED_IN_MEMORY) {
                next.add(new SortedRun(runs, from, Math.min(runs.count(), from + SORTED_IN_MEMORY)));
            }
            while (!next.isEmpty()) {
                SortedRun lowest = next.remove();
                sorted.add(runs.get(lowest.next++));
                if (lowest.next < lowest.end) {
                    next.add(lowest);
                }
            }
            return sorted;
        } catch (RuntimeException e) {
            sorted.close();
            throw e;
        }
    }

    /** Whether an id is among these. */
    public boolean contains(UUID id) {
        long low = 0;
        long high = count() - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            int order = EntityId.ORDER.compare(get(middle), id);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }

    /** An id that is there more than once. */
    public Optional<UUID> repeated() {
        return repeated;
    }

    /** The same ids, each once. */
    public SortedIds distinct() {
        SortedIds distinct = new SortedIds();
        forEachBatch(1000, batch -> batch.stream().filter(id -> !id.equals(distinct.last)).forEach(distinct::add));
        return distinct;
    }

    /** The ids that are among others too. */
    public SortedIds in(SortedIds others) {
        SortedIds both = new SortedIds();
        forEachBatch(1000, batch -> batch.stream().filter(others::contains).forEach(both::add));
        return both;
    }

    /** The first id that is also among others. */
    public Optional<UUID> inBoth(SortedIds others) {
        Iterator<UUID> theirs = others.iterator();
        UUID their = theirs.hasNext() ? theirs.next() : null;
        for (Iterator<UUID> ids = iterator(); ids.hasNext() && their != null; ) {
            UUID id = ids.next();
            while (their != null && EntityId.ORDER.compare(their, id) < 0) {
                their = theirs.hasNext() ? theirs.next() : null;
            }
            if (id.equals(their)) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    private void add(UUID id) {
        if (id.equals(last)) {
            repeated = Optional.of(id);
        }
        last = id;
        append(id);
    }
}
