package syncdata.command;

import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Mixin;
import syncdata.report.DriftSummary;
import syncdata.run.Background;
import syncdata.run.Ending;
import syncdata.run.Events;
import syncdata.run.Json;
import syncdata.store.ConnectionSettings;
import syncdata.store.Databases;
import syncdata.store.Failure;
import syncdata.store.GraphStore;
import syncdata.store.Queries;
import syncdata.store.RunTerms;
import syncdata.store.SourceStore;

/** A script that works on both databases. */
public abstract class ConnectedCommand extends ScriptCommand {
    private static final String NOT_UNDERSTOOD = " is not understood, and has no effect";

    @Mixin
    private ConnectionOptions connection;

    /** Loads classes for connecting and reporting, while the options are read. */
    @Override
    protected final void prepare() {
        Background.threads("prepare").newThread(() -> {
            try {
                GraphStore.prepare();
                SourceStore.prepare();
                Json.line(Map.of("timestamp", Json.timestamp(Instant.EPOCH), "summary",
                        new DriftSummary(null, null, null, null)));
            } catch (RuntimeException e) {
                return; // connecting will say so
            }
        }).start();
    }

    @Override
    protected final Ending ending(Exception e) {
        Failure failure = Failure.of(e);
        return new Ending(failure.exitCode(), failure.message());
    }

    /** The query files. */
    protected final Queries queries() {
        return connection.queries();
    }

    /** How to reach both databases. Names settings without effect on standard error. */
    protected final ConnectionSettings settings() {
        return settings(name -> System.err.println("warning: " + name + NOT_UNDERSTOOD));
    }

    /** How to reach both. An event names a setting without effect. */
    protected final ConnectionSettings settings(Events events) {
        return settings(name -> events.warning(Events.Logger.CHECK, "A connection setting has no effect",
                Map.of("setting", name)));
    }

    /** Opens both databases, and begins a run. */
    protected final Databases connect(Queries queries, AccessMode access, PaceOptions pace, Events events) {
        return pace.open(settings(events), queries, access, events);
    }

    /** Opens both databases, without the terms of a run. */
    protected final Databases connect(Queries queries, AccessMode access) {
        ConnectionSettings settings = settings();
        return Databases.open(settings, queries, access, RunTerms.NONE, ConnectionOptions.passwordPrompt(settings));
    }

    private ConnectionSettings settings(Consumer<String> withoutEffect) {
        ConnectionSettings settings = connection.settings();
        connection.notUnderstood().forEach(withoutEffect);
        return settings;
    }
}
