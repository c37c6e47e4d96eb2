package syncdata.repair;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.neo4j.driver.Value;
import syncdata.run.IdLog;
import syncdata.run.Json;
import syncdata.run.SortedIds;
import syncdata.run.WholeLines;

/**
 * Finds all lines of a journal about one thing, in memory that does not grow with the journal. A temporary file holds
 * sixteen bytes a line: eight say which thing, eight where the line starts. Sorted, the lines of a thing stand
 * together.
 */
final class JournalIndex implements AutoCloseable {
    /** Bytes of the journal in a batch of stories, at most about. */
    private static final long LARGEST_BATCH = 4 << 20;

    /** Lines about one thing: more than any repair ever writes. */
    private static final int MOST_LINES = 1 << 16;

    /** The kind of a thing; its order is that of the index. */
    enum Kind { NODE, RELATION, OTHER_RELATIONSHIP }

    /** All that a journal tells of one thing, in order; without transactions that were rolled back. */
    record Story(String thing, List<JournalLine.Entry> entries) {
        /** The id of its entity; a relationship of no entity has none. */
        UUID id() {
            return UUID.fromString(thing);
        }
    }

    private final JournalReader journal;
    private final SortedIds places;

    private JournalIndex(JournalReader journal, SortedIds places) {
        this.journal = journal;
        this.places = places;
    }

    /**
     * Reads a whole journal once.
     *
     * @throws InputException at a line that cannot be read
     */
    static JournalIndex of(JournalReader journal) {
        try (IdLog places = new IdLog()) {
            journal.forEach((place, entry) -> places.add(marked(place, entry.change())));
            return new JournalIndex(journal, places.sorted());
        }
    }

    private static UUID marked(long place, Change change) {
        return new UUID(mark(kind(change), thing(change)), place);
    }

    /** Gives the story of every thing of a kind, at most so many at a time. */
    void forEachBatch(Kind kind, int size, Consumer<List<Story>> action) {
        List<Story> batch = new ArrayList<>();
        long bytes = 0;
        for (long from = first((long) kind.ordinal() << 62); from < places.count()
                && kindOf(place(from)) == kind.ordinal(); ) {
            List<UUID> same = from(from);
            bytes += addStories(same, batch);
            if (batch.size() >= size || bytes > LARGEST_BATCH) {
                action.accept(List.copyOf(batch));
                batch.clear();
                bytes = 0;
            }
            from += same.size();
        }
        if (!batch.isEmpty()) {
            action.accept(List.copyOf(batch));
        }
    }

    /** How many lines there are of a kind, those of transactions that were rolled back among them. */
    long count(Kind kind) {
        long next = kind == Kind.OTHER_RELATIONSHIP ? places.count() : first((kind.ordinal() + 1L) << 62);
        return next - first((long) kind.ordinal() << 62);
    }

    /** How many things of a kind it tells of. */
    long things(Kind kind) {
        long things = 0;
        long end = first((long) kind.ordinal() << 62) + count(kind);
        for (long i = end - count(kind); i < end; i++) {
            things += i > 0 && place(i - 1).getMostSignificantBits() == place(i).getMostSignificantBits() ? 0 : 1;
        }
        return things;
    }

    /** What the journal tells of the node, or relation, of an id. */
    Optional<Story> find(Kind kind, String id) {
        long mark = mark(kind, id);
        long first = first(mark);
        List<Story> stories = new ArrayList<>();
        if (first < places.count() && place(first).getMostSignificantBits() == mark) {
            addStories(from(first), stories);
        }
        return stories.stream().filter(story -> story.thing().equals(id)).findFirst();
    }

    private UUID place(long i) {
        return places.batch(i, 1).get(0);
    }

    /** The places of one thing, from its first on. */
    private List<UUID> from(long first) {
        List<UUID> same = new ArrayList<>();
        for (long i = first; i < places.count() && (same.isEmpty()
                || place(i).getMostSignificantBits() == same.get(0).getMostSignificantBits()); i++) {
            same.add(place(i));
            if (same.size() > MOST_LINES) {
                throw journal.tooMuch(same.get(0).getLeastSignificantBits());
            }
        }
        return same;
    }

    /** The first place of this mark or a higher one. */
    private long first(long mark) {
        long low = 0;
        long high = places.count();
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (Long.compareUnsigned(place(middle).getMostSignificantBits(), mark) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Reads the stories at these places; gives the bytes that they take in the journal. */
    private long addStories(List<UUID> same, List<Story> stories) {
        Map<String, List<JournalLine.Entry>> entries = new LinkedHashMap<>(); // two things may have the same mark
        long bytes = 0;
        for (UUID place : same) {
            JournalReader.Located located = journal.at(place.getLeastSignificantBits());
            bytes += located.length();
            if (bytes > WholeLines.LONGEST) {
                throw journal.tooMuch(place.getLeastSignificantBits());
            }
            if (!journal.isVoid(located.entry().batch())) {
                entries.computeIfAbsent(thing(located.entry().change()), thing -> new ArrayList<>())
                        .add(located.entry());
            }
        }
        entries.forEach((thing, some) -> stories.add(new Story(thing, some)));
        return bytes;
    }

    static Kind kind(Change change) {
        if (change instanceof Change.Made made) {
            return made.relationship() ? Kind.RELATION : Kind.NODE;
        }
        if (change instanceof Change.Changed changed) {
            return changed.before() instanceof Copy.Node ? Kind.NODE : Kind.RELATION;
        }
        if (change instanceof Change.Deleted deleted) {
            return deleted.before() instanceof Copy.Node ? Kind.NODE : ofRelationship(deleted.id());
        }
        return ofRelationship(((Change.Moved) change).id());
    }

    private static Kind ofRelationship(Optional<UUID> entity) {
        return entity.isPresent() ? Kind.RELATION : Kind.OTHER_RELATIONSHIP;
    }

    /** The id of its entity; of a relationship of no entity, a description of it. */
    private static String thing(Change change) {
        if (change instanceof Change.Made made) {
            return made.id().toString();
        }
        if (change instanceof Change.Changed changed) {
            return changed.id().toString();
        }
        if (change instanceof Change.Deleted deleted) {
            return thing(deleted.id(), deleted.before());
        }
        Change.Moved moved = (Change.Moved) change;
        return thing(moved.id(), moved.before());
    }

    private static String thing(Optional<UUID> entity, Copy before) {
        return entity.map(UUID::toString).orElseGet(() -> description((Copy.Relationship) before));
    }

    private static String description(Copy.Relationship relationship) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(text)) {
            json.writeStartArray();
            json.writeString(relationship.type());
            for (Copy.End end : List.of(relationship.from(), relationship.to())) {
                json.writeString(end.id().orElse(null));
                json.writeString(end.id().isPresent() ? null : end.element());
            }
            for (Map.Entry<String, Value> property : new TreeMap<>(relationship.properties()).entrySet()) {
                json.writeString(property.getKey());
                JournalValue.write(json, property.getValue());
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** What stands for a thing in the index: its kind in two bits, then bits of a digest. */
    private static long mark(Kind kind, String thing) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(thing.getBytes(StandardCharsets.UTF_8));
            return (long) kind.ordinal() << 62 | ByteBuffer.wrap(digest).getLong() >>> 2;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static int kindOf(UUID place) {
        return (int) (place.getMostSignificantBits() >>> 62);
    }

    @Override
    public void close() {
        places.close();
    }
}
