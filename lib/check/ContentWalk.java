package syncdata.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import syncdata.rules.EntityId;
import syncdata.run.WorkAhead;
import syncdata.store.Databases;

/** Compares the content of what has the same timestamp, a few batches behind the walk and beside it. */
final class ContentWalk implements AutoCloseable {
    private static final int AHEAD = 3;
    private static final int AT_A_TIME = 2;

    /** Ids in their order, of those that are no relations and of those that are. */
    private record Batch(List<UUID> entities, List<UUID> relations) {
        Batch() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        int size() {
            return entities.size() + relations.size();
        }
    }

    private final Contents contents;
    private final int batchSize;
    private final WorkAhead<Batch, Set<UUID>> work;
    private Batch next = new Batch();

    /** @param altered takes, in order, what seems to have another content */
    ContentWalk(Databases databases, int batchSize, Consumer<UUID> altered) {
        this.contents = new Contents(databases.source(), databases.graph());
        this.batchSize = batchSize;
        this.work = new WorkAhead<>(AHEAD, AT_A_TIME, this::differing, (batch, differing) ->
                differing.get().stream().sorted(EntityId.ORDER).forEach(altered));
    }

    /** Takes one more; ascending. */
    void add(UUID id, boolean relation) {
        (relation ? next.relations() : next.entities()).add(id);
        if (next.size() >= batchSize) {
            compareNext();
        }
    }

    /** Compares all that were added. */
    void finish() {
        if (next.size() > 0) {
            compareNext();
        }
        work.finish();
    }

    @Override
    public void close() {
        work.close();
    }

    private void compareNext() {
        work.add(next);
        next = new Batch();
    }

    private Set<UUID> differing(Batch batch) {
        Set<UUID> differing = new HashSet<>();
        if (!batch.entities().isEmpty()) {
            differing.addAll(contents.differing(batch.entities(), false));
        }
        if (!batch.relations().isEmpty()) {
            differing.addAll(contents.differing(batch.relations(), true));
        }
        return differing;
    }
}
