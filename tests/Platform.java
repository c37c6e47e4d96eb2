package syncdata;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Writes as the platform does, a step at a time: commits to PostgreSQL, then writes to Neo4j a little later, sometimes late,
 * sometimes with an older timestamp, sometimes never. Remembers what each entity was on both sides, and when.
 */
final class Platform implements AutoCloseable {

    /** One state of an entity; a null in its place is its absence. */
    record Version(long number, Instant changed) {
    }

    /** From a moment between these two on. */
    private record Change(Instant before, Instant after, Version version) {
    }

    private record Delayed(long at, Runnable action) {
    }

    private static final String UPSERT = "INSERT INTO entity VALUES (?, ?::jsonb, '2020-01-01Z', ?::timestamptz)"
            + " ON CONFLICT (id) DO UPDATE SET data = excluded.data, last_updated_at = excluded.last_updated_at";
    private static final int NODES = 8;
    private static final int ENDS = 4; // of the relations; never deleted
    private static final int RELATIONS = 5;

    private final TestDatabases test;
    private final Random random;
    private final Handle own;
    private final List<UUID> nodes = new ArrayList<>();
    private final Map<UUID, UUID[]> relations = new HashMap<>();
    private final Map<UUID, List<Change>> source = new HashMap<>();
    private final Map<UUID, List<Change>> graph = new HashMap<>();
    private final PriorityQueue<Delayed> delayed = new PriorityQueue<>((a, b) -> Long.compare(a.at(), b.at()));
    private final List<String> story = new ArrayList<>();
    private UUID locked;
    private long versions;
    private long tick;

    Platform(TestDatabases test, Random random) {
        this.test = test;
        this.random = random;
        this.own = Jdbi.create(test.settings().postgresUrl(), test.settings().postgres()).open();
        for (int i = 0; i < NODES; i++) {
            nodes.add(new UUID(random.nextLong(), random.nextLong()));
        }
        for (int i = 0; i < RELATIONS; i++) {
            relations.put(new UUID(random.nextLong(), random.nextLong()), new UUID[] {nodes.get(random.nextInt(ENDS)), nodes.get(random.nextInt(ENDS))});
        }
        Instant old = Instant.parse("2024-01-01T00:00:00Z");
        List<UUID> all = new ArrayList<>(nodes);
        all.addAll(relations.keySet().stream().sorted().toList());
        for (UUID id : all) {
            source.put(id, new ArrayList<>(List.of(new Change(Instant.MIN, Instant.MIN, null))));
            graph.put(id, new ArrayList<>(List.of(new Change(Instant.MIN, Instant.MIN, null))));
            Version version = new Version(++versions, old.plusSeconds(versions));
            if (nodes.indexOf(id) < ENDS || random.nextInt(4) > 0) {
                writeSource(test::sql, id, version);
                remember(source, id, Instant.now(), version);
            }
            if (random.nextInt(6) > 0) {
                writeGraph(id, version);
            }
        }
    }

    /** Every entity there ever was. */
    Collection<UUID> ids() {
        return source.keySet();
    }

    /** What was done, for the message of a failure. */
    String story() {
        return String.join("\n", story);
    }

    Version inSource(UUID id) {
        return last(source, id);
    }

    /** What Neo4j would hold, had only the platform written to it since {@link #graphIs}. */
    Version inGraph(UUID id) {
        return last(graph, id);
    }

    /** Says what Neo4j holds now, whoever wrote it. */
    void graphIs(UUID id, Version version) {
        if (!Objects.equals(version, inGraph(id))) {
            remember(graph, id, Instant.now(), version);
        }
    }

    /** Whether PostgreSQL may have held this version of the entity at some moment since. */
    boolean heldSince(UUID id, Version version, Instant since) {
        return during(source.get(id), since, Instant.now()).stream().anyMatch(span -> version.equals(span.version));
    }

    /** Whether PostgreSQL may have lacked the entity at some moment since. */
    boolean lackedSince(UUID id, Instant since) {
        return during(source.get(id), since, Instant.now()).stream().anyMatch(span -> span.version == null);
    }

    /**
     * Whether both sides may together have been so at some moment of this time.
     *
     * @param settle how long before that moment the newest timestamp must be
     */
    boolean differed(UUID id, boolean toDelete, Instant from, Instant to, java.time.Duration settle) {
        for (Span held : during(source.get(id), from, to)) {
            for (Span copy : during(graph.get(id), from, to)) {
                Instant end = held.to.isBefore(copy.to) ? held.to : copy.to;
                boolean together = !held.from.isAfter(copy.to) && !copy.from.isAfter(held.to);
                boolean differs = toDelete ? held.version == null && copy.version != null : held.version != null && !held.version.equals(copy.version);
                boolean settled = settled(held.version, end, settle) && settled(copy.version, end, settle);
                if (together && differs && settled) {
                    return true;
                }
            }
        }
        return false;
    }

    /** One step: what is due, and perhaps something new. */
    void step() {
        tick++;
        while (!delayed.isEmpty() && delayed.peek().at() <= tick) {
            delayed.remove().action().run();
        }
        if (random.nextInt(3) == 0) {
            begin();
        }
    }

    /** Ends what is under way; what had still to be written to Neo4j is written or forgotten. */
    void stop() {
        boolean forget = random.nextBoolean();
        while (!delayed.isEmpty()) {
            Delayed next = delayed.remove();
            if (!forget || locked != null) {
                next.action().run();
            }
        }
    }

    @Override
    public void close() {
        own.close();
    }

    private void begin() {
        List<UUID> all = new ArrayList<>(nodes);
        relations.keySet().stream().sorted().forEach(all::add);
        UUID id = all.get(random.nextInt(all.size()));
        if (id.equals(locked)) {
            return;
        }
        boolean delete = nodes.indexOf(id) >= ENDS && inSource(id) != null && random.nextInt(3) == 0;
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Instant changed = random.nextInt(6) == 0 ? Instant.parse("2024-02-01T00:00:00Z").plusSeconds(random.nextInt(1_000_000)).plusNanos(1000 * versions) : now;
        Version version = delete ? null : new Version(++versions, changed);
        if (locked == null && random.nextInt(4) == 0) {
            locked = id;
            own.begin();
            writeSource(own::execute, id, version);
            story.add(tick + ": begins to write " + id + " " + version);
            after(1 + random.nextInt(20), () -> {
                Instant before = Instant.now();
                own.commit();
                locked = null;
                committed(id, before, version);
            });
        } else {
            Instant before = Instant.now();
            writeSource(test::sql, id, version);
            committed(id, before, version);
        }
    }

    private void committed(UUID id, Instant before, Version version) {
        remember(source, id, before, version);
        story.add(tick + ": PostgreSQL " + id + " " + version);
        switch (random.nextInt(10)) {
            case 0 -> story.add(tick + ": never to Neo4j");
            case 1 -> after(random.nextInt(40), () -> writeGraph(id, version));
            default -> after(random.nextInt(5), () -> writeGraph(id, version));
        }
    }

    private void after(int ticks, Runnable action) {
        delayed.add(new Delayed(tick + ticks, action));
    }

    private void writeSource(Execution execution, UUID id, Version version) {
        if (version == null) {
            execution.execute("DELETE FROM entity WHERE id = ?", id);
            return;
        }
        UUID[] ends = relations.get(id);
        String data = ends == null ? "{\"type\":\"ttp\",\"title\":\"" + version.number() + "\"}"
                : "{\"type\":\"relation\",\"source\":\"" + ends[0] + "\",\"target\":\"" + ends[1] + "\",\"key\":\"" + version.number() + "\"}";
        execution.execute(UPSERT, id, data, version.changed().toString());
    }

    private void writeGraph(UUID id, Version version) {
        Instant before = Instant.now();
        UUID[] ends = relations.get(id);
        if (version == null) {
            test.writeAsPlatform("MATCH (e:Entity {id: $id}) DETACH DELETE e", Map.of("id", id.toString()));
            remember(graph, id, before, null);
        } else if (ends == null) {
            test.writeAsPlatform("MERGE (e:Entity {id: $row.id}) SET e = $row", Map.of("row", properties(id, version, "type", "ttp", "title", String.valueOf(version.number()))));
            remember(graph, id, before, version);
        } else {
            test.writeAsPlatform("MATCH (s:Entity {id: $source}) MATCH (t:Entity {id: $target}) MERGE (s)-[r:RELATION {id: $row.id}]->(t) SET r = $row",
                    Map.of("source", ends[0].toString(), "target", ends[1].toString(), "row", properties(id, version, "key", String.valueOf(version.number()))));
            if (Arrays.stream(ends).allMatch(end -> inGraph(end) != null)) {
                remember(graph, id, before, version);
            }
        }
        story.add(tick + ": Neo4j " + id + " " + version);
    }

    private static Map<String, Object> properties(UUID id, Version version, String... more) {
        Map<String, Object> properties = new HashMap<>(Map.of("id", id.toString(),
                "created_at", Instant.parse("2020-01-01T00:00:00Z").atZone(ZoneOffset.UTC), "last_updated_at", version.changed().atZone(ZoneOffset.UTC)));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    private static void remember(Map<UUID, List<Change>> side, UUID id, Instant before, Version version) {
        side.get(id).add(new Change(before, Instant.now(), version));
    }

    private static Version last(Map<UUID, List<Change>> side, UUID id) {
        List<Change> changes = side.get(id);
        return changes.get(changes.size() - 1).version();
    }

    private static boolean settled(Version version, Instant at, java.time.Duration settle) {
        return version == null || !version.changed().plus(settle).isAfter(at);
    }

    /** A version, and the longest time that it may have stood. */
    private record Span(Instant from, Instant to, Version version) {
    }

    private static List<Span> during(List<Change> changes, Instant from, Instant to) {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            Instant begin = changes.get(i).before();
            Instant end = i + 1 < changes.size() ? changes.get(i + 1).after() : Instant.MAX;
            if (!begin.isAfter(to) && !end.isBefore(from)) {
                spans.add(new Span(begin.isBefore(from) ? from : begin, end.isAfter(to) ? to : end, changes.get(i).version()));
            }
        }
        return spans;
    }

    private interface Execution {
        void execute(String statement, Object... arguments);
    }
}
