package syncdata.command;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import syncdata.rules.RepairAction;
import syncdata.rules.Verdict;
import syncdata.run.Events;
import syncdata.store.Queries;

/** Values of options, for a shell to complete. */
final class Completions {
    private Completions() {
    }

    /** The classes of differences, with hyphens: a space would end a word of the shell. */
    static final class Classes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Verdict.DIFFERENCES.stream().map(verdict -> verdict.label().replace(' ', '-')).iterator();
        }
    }

    /** The types that the built-in query files know. */
    static final class Types implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Queries.builtIn().lines("entity-types.txt").iterator();
        }
    }

    /** The formats of events. */
    static final class LogFormats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(Events.Format.values()).map(format -> format.name().toLowerCase(Locale.ROOT)).iterator();
        }
    }

    /** The actions of a repair. */
    static final class Actions implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(RepairAction.values()).map(RepairAction::label).iterator();
        }
    }

    /** The loads that can be limited; a number follows. */
    static final class Loads implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("postgres-active=", "replica-lag=", "neo4j-transactions=").iterator();
        }
    }
}
