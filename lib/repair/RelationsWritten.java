package syncdata.repair;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import syncdata.rules.Relation;

/** How the writing of relations went. */
sealed interface RelationsWritten {
    RelationsWritten NONE = new Done(Set.of(), Set.of());

    /** Joins the outcome of later ones. */
    RelationsWritten and(RelationsWritten later);

    /**
     * They are written.
     *
     * @param changed  lost the compare-and-set, and were left
     * @param replaced had their copies deleted, and were made anew: what others wrote to a copy meanwhile is lost
     */
    record Done(Set<UUID> changed, Set<UUID> replaced) implements RelationsWritten {
        @Override
        public RelationsWritten and(RelationsWritten later) {
            return later instanceof Done more
                    ? new Done(union(changed, more.changed), union(replaced, more.replaced)) : later;
        }

        private static Set<UUID> union(Set<UUID> some, Set<UUID> more) {
            Set<UUID> all = new HashSet<>(some);
            all.addAll(more);
            return all;
        }
    }

    /** Ends of these do not stand in the graph exactly once; nothing was written. */
    record EndsMissing(List<Relation> relations) implements RelationsWritten {
        @Override
        public RelationsWritten and(RelationsWritten later) {
            return this;
        }
    }
}
