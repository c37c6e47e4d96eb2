///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../../lib/package-info.java
//SOURCES BareWrites.java
//SOURCES ContentDrain.java
//SOURCES CursorMerge.java
//SOURCES Drain.java
//SOURCES FarServers.java
//SOURCES LatencyProxy.java
//SOURCES Lookups.java
//SOURCES Missing.java
//SOURCES PlatformLoad.java
//SOURCES PlainStores.java
//SOURCES Rival.java
//SOURCES SampleData.java
//SOURCES Servers.java
//SOURCES Summary.java
//SOURCES SyncDataProcess.java
//SOURCES Times.java
//MAIN Benchmark

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine;
import syncdata.check.Check;
import syncdata.repair.Journal;
import syncdata.repair.Repair;
import syncdata.repair.RepairJob;
import syncdata.repair.RepairLock;
import syncdata.repair.Safeguards;
import syncdata.report.Report;
import syncdata.rules.Comparison;
import syncdata.rules.DeleteLimit;
import syncdata.rules.Selection;
import syncdata.rules.Slice;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.SortedIds;
import syncdata.store.ConnectionSettings;
import syncdata.store.Databases;
import syncdata.store.Queries;

@Command(name = "benchmark", mixinStandardHelpOptions = true, sortOptions = false, usageHelpWidth = 100, description = {
        "Measures sync-data beside other ways of doing the same, in one run, and prints the medians and their ratios "
                + "as Markdown.",
        "Run it in the project's root folder. It starts a PostgreSQL and a Neo4j of its own, fills them, and removes "
        + "them at the end."})
class Benchmark implements Callable<Integer> {
    /** What {@code --batch-size} is by default. */
    private static final int BATCH = 1000;
    private static final int LARGER_BATCH = 20_000;
    private static final int ONE_AT_A_TIME = 1000;
    private static final int MISSING_BESIDE = 20_000;
    private static final int CHANGED = 1000;
    /** With {@code --parallel}. */
    private static final int RANGES = 4;

    @Spec
    private CommandSpec command;

    @Option(names = "--entities", paramLabel = "N", defaultValue = "1000000",
            description = "Entities, of which 40 %% are relations. Default: ${DEFAULT-VALUE}.")
    private int entities;

    @Option(names = "--repairs", paramLabel = "M", defaultValue = "100000",
            description =
            "Entities that are missing before a repair, at most a fifth of all. Default: ${DEFAULT-VALUE}.")
    private int repairs;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "5",
            description = "Runs of each check, after one that is not counted. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(names = "--repair-runs", paramLabel = "N", defaultValue = "3",
            description = "Likewise of each repair. Default: ${DEFAULT-VALUE}.")
    private int repairRuns;

    @Option(names = "--load-seconds", paramLabel = "SECONDS", defaultValue = "20",
            description =
            "How long a platform's own work is measured alone, beside checks, and beside repairs, twice each; 0 for "
            + "not at all. Default: ${DEFAULT-VALUE}.")
    private int loadSeconds;

    @Option(names = "--latency", paramLabel = "MILLISECONDS", defaultValue = "5",
            description =
            "How much longer an answer takes where both databases are far away; 0 for no such check. Default: "
            + "${DEFAULT-VALUE}.")
    private int latency;

    @Option(names = "--connected",
            description =
            "Use the databases that PGHOST, NEO4J_URI and the other settings of sync-data name. They must be empty, "
            + "and are left full.")
    private boolean connected;

    @Option(names = "--jbang", paramLabel = "COMMAND", defaultValue = "./jbang",
            description = "What starts the scripts. Default: ${DEFAULT-VALUE}.")
    private String jbang;

    @Option(names = "--time-limit", paramLabel = "MINUTES", defaultValue = "180",
            description = "Give up after so long. Default: ${DEFAULT-VALUE}.")
    private int timeLimit;

    private final Events unheard = Events.silent();
    private PlainStores stores;
    private Databases databases;
    private SyncDataProcess process;
    private Times empty;

    public static void main(String[] arguments) {
        // both drivers log through java.util.logging; what matters comes as an exception
        LogManager.getLogManager().reset();
        System.exit(new CommandLine(new Benchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        require(entities >= 1000 && entities <= 10_000_000, "--entities is from 1000 to 10000000");
        require(repairs >= ONE_AT_A_TIME / 10 && repairs <= entities / 5,
                "--repairs is at least 100, and at most a fifth of --entities");
        require(runs >= 1 && runs <= 100 && repairRuns >= 1 && repairRuns <= 100,
                "--runs and --repair-runs are from 1 to 100");
        require(loadSeconds >= 0 && loadSeconds <= 300, "--load-seconds is from 0 to 300");
        require(latency >= 0 && latency <= 1000, "--latency is from 0 to 1000");
        require(timeLimit >= 1, "--time-limit is at least 1");
        require(Files.exists(Path.of("sync-data.java")),
                "run it in the project's root folder, where sync-data.java is");
        endAfterTimeLimit();
        Queries queries = Queries.builtIn();
        Path report = Files.createTempFile("benchmark-", ".json");
        try (Servers servers = connected ? Servers.ofEnvironment() : Servers.embedded(jbang)) {
            ConnectionSettings settings = servers.settings();
            try (PlainStores plain = PlainStores.open(settings)) {
                SampleData data = new SampleData(plain, queries);
                data.createIndexes();
                data.createTable();
                stores = plain;
                process = new SyncDataProcess(jbang, servers.environment(), report);
                process.build();
                emptyDatabases();
                data.fillPostgres(entities);
                try (Databases both = Databases.open(settings, queries, AccessMode.WRITE)) {
                    databases = both;
                    measure(data, settings);
                }
            }
        } finally {
            Files.delete(report);
        }
        return 0;
    }

    private void measure(SampleData data, ConnectionSettings settings) throws Exception {
        Summary summary = new Summary(databases, entities, runs, repairs, repairRuns);

        say("Checking against a Neo4j that is still empty");
        SyncDataProcess.Outcome allMissing = process.dryRun(LARGER_BATCH, List.of("-Xmx64m"), List.of());

        data.fillNeo4j(databases.source());
        checks(summary);
        ranges(summary);
        if (latency > 0) {
            farAway(summary, settings);
        }
        summary.addProcess("(c cold) in 64 MiB of heap, `-Xmx64m`",
                process.dryRun(LARGER_BATCH, List.of("-Xmx64m"), List.of()), ExitCode.IN_SYNC);
        summary.addProcess("(c cold) in 64 MiB of heap, all entities missing in Neo4j", allMissing,
                ExitCode.DIFFERENCES_LEFT);

        summary.addProcess("the same, `--parallel " + RANGES + "` with a heap of 128 MiB, `-Xmx128m`",
                process.dryRun(BATCH, List.of("-Xmx128m"), List.of("--parallel", String.valueOf(RANGES))),
                ExitCode.IN_SYNC);

        contents(summary);
        changes(summary, data);
        Times withIndexes = repairs(summary);
        if (loadSeconds > 0) {
            load(summary);
        }
        withoutIndexes(summary, data, settings, withIndexes);
        summary.print(System.out);
    }

    /** The least that a cold process can take. */
    private void emptyDatabases() throws Exception {
        empty = Times.interleaved(runs, List.of(new Rival("empty",
                () -> expect(ExitCode.IN_SYNC.code(), process.dryRun(BATCH).exitCode())))).get("empty");
    }

    /** A thousand changed on both sides, and an index to find them by. */
    private void changes(Summary summary, SampleData data) throws Exception {
        String after = data.changeSome(CHANGED);
        data.createIndexesOfChanges();
        Times changed = Times.interleaved(runs, List.of(new Rival("changed", () -> expect(ExitCode.IN_SYNC.code(),
                process.dryRun(BATCH, List.of(), List.of("--changed-after", after)).exitCode())))).get("changed");
        summary.addCheck("(p) a cold process on databases that are still empty", empty);
        summary.addCheck("(q) a cold process with `--changed-after`, " + CHANGED
                + " changed, with indexes on `last_updated_at`", changed);
        summary.addAtMost(1.15, "(q)", changed, "(p)", empty);
    }

    /** What an operator has who may add no index to either database. */
    private void withoutIndexes(Summary summary, SampleData data, ConnectionSettings settings,
            Times repairWithIndexes) throws Exception {
        Times with = Times.interleaved(runs, List.of(new Rival("r", () ->
                expect(ExitCode.IN_SYNC.code(), process.dryRun(BATCH).exitCode())))).get("r");
        say("Dropping all indexes but PostgreSQL's primary key and Neo4j's constraints on id");
        data.dropIndexes();
        try (Databases unindexed = Databases.open(settings, Queries.builtIn(), AccessMode.WRITE)) {
            Lookups lookups = new Lookups(stores);
            Map<String, Times> times = Times.interleaved(runs, List.of(
                    new Rival("s", () -> expect(ExitCode.IN_SYNC.code(), process.dryRun(BATCH).exitCode())),
                    new Rival("t", () -> expect(entities, lookups.run()))));
            summary.addCheck("(r) a cold process, default options, all indexes", with);
            summary.addCheck("(s) the same without any index of ours", times.get("s"));
            summary.addCheck("(t) the look-ups of (a), likewise without", times.get("t"));
            summary.addProcess("(s) in 64 MiB of heap, `-Xmx64m`",
                    process.dryRun(BATCH, List.of("-Xmx64m"), List.of()), ExitCode.IN_SYNC);
            summary.addAtMost(1.5, "(s)", times.get("s"), "(r)", with);
            summary.addAtLeast(12, "(t)", times.get("t"), "(s)", times.get("s"));
            Missing all = Missing.choose(stores, repairs);
            Times repair = Times.interleaved(repairRuns, List.of(
                    new Rival("u", all::delete, () -> repair(unindexed, all), this::expectInSync))).get("u");
            summary.addRepair("(u) the repair of (f) without any index of ours", repair);
            summary.addAtMost(2, "(u)", repair, "(f)", repairWithIndexes);
        }
    }

    private void checks(Summary summary) throws Exception {
        Lookups lookups = new Lookups(stores);
        CursorMerge cursors = new CursorMerge(stores);
        Drain drain = new Drain(databases, entities, LARGER_BATCH);

        Map<String, Times> times = Times.interleaved(runs, List.of(
                new Rival("a", () -> expect(entities, lookups.run())),
                new Rival("b", () -> expect(entities, cursors.run())),
                new Rival("c", () -> check(LARGER_BATCH)),
                new Rival("d", drain::run),
                new Rival("c default", () -> check(BATCH)),
                new Rival("c cold", () -> expect(ExitCode.IN_SYNC.code(), process.dryRun(LARGER_BATCH).exitCode()))));
        summary.addCheck("(a) batches of 1,000 ids looked up in turn on both sides", times.get("a"));
        summary.addCheck("(b) merge of row-by-row cursors", times.get("b"));
        summary.addCheck("(c) check, `--batch-size " + LARGER_BATCH + "`", times.get("c"));
        summary.addCheck("the same with `--batch-size 1000`, as by default", times.get("c default"));
        summary.addCheck("(d) the pages of (c) read in parallel, nothing compared", times.get("d"));
        summary.addCheck("(c cold) `./jbang sync-data.java --batch-size " + LARGER_BATCH
                + " --dry-run` as a process, the start of JBang and of Java included", times.get("c cold"));
        summary.addAtLeast(15, "(a)", times.get("a"), "(c)", times.get("c"));
        summary.addAtMost(1.1, "(c) by default", times.get("c default"), "(c)", times.get("c"));
        summary.addAtLeast(2.5, "(b)", times.get("b"), "(c)", times.get("c"));
        summary.addAtMost(1.25, "(c)", times.get("c"), "(d)", times.get("d"));
        summary.addAtLeast(10, "(a)", times.get("a"), "(c cold)", times.get("c cold"));
    }

    private void ranges(Summary summary) throws Exception {
        Map<String, Times> times = Times.interleaved(runs, List.of(
                new Rival("h", () -> check(databases, Selection.ALL, Comparison.TIMESTAMPS, 1)),
                new Rival("i", () -> check(databases, Selection.ALL, Comparison.TIMESTAMPS, RANGES))));
        summary.addCheck("(h) check with the default options", times.get("h"));
        summary.addCheck("(i) the same, `--parallel " + RANGES + "`", times.get("i"));
        summary.addAtMost(1.05, "(i)", times.get("i"), "(h)", times.get("h"));
    }

    private void farAway(Summary summary, ConnectionSettings settings) throws Exception {
        Selection tenth = new Selection(Set.of(), Selection.EVER, new Slice(2, 10));
        try (FarServers far = FarServers.of(settings, Duration.ofMillis(latency));
             Databases both = Databases.open(far.settings(), Queries.builtIn(), AccessMode.READ)) {
            Map<String, Times> times = Times.interleaved(runs, List.of(
                    new Rival("j", () -> check(both, Selection.ALL, Comparison.TIMESTAMPS, 1)),
                    new Rival("k", () -> check(both, Selection.ALL, Comparison.TIMESTAMPS, RANGES)),
                    new Rival("l", () -> check(both, tenth, Comparison.CONTENT, 1)),
                    new Rival("m", () -> check(both, tenth, Comparison.CONTENT, RANGES))));
            String away = ", both databases " + latency + " ms away";
            summary.addCheck("(j) check with the default options" + away, times.get("j"));
            summary.addCheck("(k) the same, `--parallel " + RANGES + "`", times.get("k"));
            summary.addCheck("(l) `--compare content --slice 2/10`" + away, times.get("l").times(10));
            summary.addCheck("(m) the same, `--parallel " + RANGES + "`", times.get("m").times(10));
            summary.addAtLeast(3, "(j)", times.get("j"), "(k)", times.get("k"));
            summary.addAtLeast(3, "(l)", times.get("l"), "(m)", times.get("m"));
        }
    }

    private void contents(Summary summary) throws Exception {
        ContentDrain drain = new ContentDrain(databases, entities, BATCH);
        List<String> content = List.of("--compare", "content");
        Map<String, Times> times = Times.interleaved(runs, List.of(
                new Rival("n", () -> check(databases, Selection.ALL, Comparison.CONTENT, 1)),
                new Rival("o", drain::run),
                new Rival("n cold", () -> expect(ExitCode.IN_SYNC.code(),
                        process.dryRun(BATCH, List.of(), content).exitCode())),
                new Rival("c cold", () -> expect(ExitCode.IN_SYNC.code(), process.check().exitCode()))));
        summary.addCheck("(n) check, `--compare content`", times.get("n"));
        summary.addCheck("(o) the pages of (n) read by the same queries, nothing compared",
                times.get("o"));
        summary.addCheck("(n cold) `--compare content` as a process", times.get("n cold"));
        summary.addCheck("the same without it, beside it", times.get("c cold"));
        summary.addAtMost(1.3, "(n)", times.get("n"), "(o)", times.get("o"));
        summary.addAtMost(4, "(n cold)", times.get("n cold"), "the same without", times.get("c cold"));
        summary.addProcess("(n cold) in 64 MiB of heap, `-Xmx64m`",
                process.dryRun(BATCH, List.of("-Xmx64m"), content), ExitCode.IN_SYNC);
    }

    /** Gives the times of the repair. */
    private Times repairs(Summary summary) throws Exception {
        say("Choosing the entities to delete from Neo4j before each repair");
        Missing all = Missing.choose(stores, repairs);
        Missing few = Missing.choose(stores, Math.min(repairs, ONE_AT_A_TIME));
        BareWrites writes = new BareWrites(stores);
        BareWrites.Rows rows = BareWrites.Rows.read(databases.source(), all, BATCH);

        Map<String, Times> times = Times.interleaved(repairRuns, List.of(
                new Rival("e", few::delete, () -> writes.oneAtATime(databases.source(), few), this::expectInSync),
                new Rival("f", all::delete, () -> repair(databases, all), this::expectInSync),
                new Rival("g", all::delete, () -> writes.inBatches(rows), this::expectInSync)));
        Times scaled = times.get("e").times((double) all.size() / few.size());

        summary.addRepair("(e) one entity at a time, each in a transaction of its own, scaled from " + few.size()
                + " entities", scaled);
        summary.addRepair("(f) repair, `--batch-size 1000` as by default", times.get("f"));
        summary.addRepair("(g) bare UNWIND batches of 1,000 rows that are in memory already", times.get("g"));
        summary.addAtLeast(30, "(e)", scaled, "(f)", times.get("f"));
        summary.addAtMost(1.4, "(f)", times.get("f"), "(g)", times.get("g"));
        return times.get("f");
    }

    private void load(Summary summary) throws Exception {
        Optional<Path> pgbench = PlatformLoad.pgbench();
        if (pgbench.isEmpty()) {
            say("The platform's own work is not measured: pgbench is not installed");
            return;
        }
        Missing missing = Missing.choose(stores, Math.min(repairs, MISSING_BESIDE));
        try (PlatformLoad load = new PlatformLoad(pgbench.get(), process.environment(), stores)) {
            for (int round = 1; round <= 2; round++) {
                say("The platform's own work alone, beside checks, beside repairs: " + round + "/2");
                load.during(PlatformLoad.Beside.NOTHING, () -> TimeUnit.SECONDS.sleep(loadSeconds));
                for (double seconds = 0; seconds < loadSeconds; ) {
                    seconds += load.during(PlatformLoad.Beside.CHECK,
                            () -> expect(ExitCode.IN_SYNC.code(), process.check().exitCode()));
                }
                for (double seconds = 0; seconds < loadSeconds; ) {
                    missing.delete();
                    seconds += load.during(PlatformLoad.Beside.REPAIR,
                            () -> expect(ExitCode.IN_SYNC.code(), process.repair().exitCode()));
                }
            }
            load.stop();
            for (PlatformLoad.Work work : PlatformLoad.Work.values()) {
                summary.addLoad(work.words(), load.percentile(work, 0.5), load.percentile(work, 0.95));
            }
            summary.addBeside(load.seconds(PlatformLoad.Beside.CHECK), load.seconds(PlatformLoad.Beside.REPAIR));
        }
    }

    private void check(int batchSize) {
        try (Report report = new Check(databases, unheard, Selection.ALL, batchSize, false).run()) {
            expect(entities, report.ok());
            expect(0, report.differences());
        }
    }

    private void check(Databases some, Selection selection, Comparison comparison, int parallel) {
        try (Report report = new Check(some, unheard, selection, BATCH, false).comparing(comparison)
                .parallel(parallel).run()) {
            expect(0, report.differences());
        }
    }

    private void expectInSync() {
        check(LARGER_BATCH);
    }

    private void repair(Databases some, Missing missing) {
        try (SortedIds toDelete = SortedIds.none(); SortedIds toReindex = SortedIds.of(missing.ids());
             Safeguards safeguards = new Safeguards(RepairLock.take(some), DeleteLimit.of(DeleteLimit.DEFAULT),
                     Journal.none())) {
            expect(missing.size(), Repair.run(new RepairJob(some, unheard, safeguards, BATCH,
                    new RepairJob.Named(toDelete, toReindex, entities, Comparison.TIMESTAMPS))).reindexed());
        }
    }

    private void endAfterTimeLimit() {
        new Timer("time limit", true).schedule(new TimerTask() {
            @Override
            public void run() {
                say("Gave up: not done after " + timeLimit + " minutes");
                System.exit(1); // the servers end with this process
            }
        }, timeLimit * 60_000L);
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(command.commandLine(), message);
        }
    }

    private static void expect(long expected, long actual) {
        if (expected != actual) {
            throw new IllegalStateException("measured the wrong thing: " + actual + " where " + expected
                    + " was expected");
        }
    }

    static void say(String progress) {
        System.err.println(progress);
    }
}
