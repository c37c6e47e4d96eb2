package syncdata.store;

import java.util.Arrays;
import java.util.UUID;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.GraphTimestamp.Precision;

/** One page of entities in the order of their ids, as arrays: no object an entity. */
public final class EntityPage {
    private static final Precision[] PRECISIONS = Precision.values();

    private long[] high;
    private long[] low;
    private long[] micros;
    private byte[] precision;
    private boolean[] selected;
    private boolean[] relation;
    private int size;
    private int otherIds;
    /** How many of them stood before each entity; null where there are none. */
    private int[] otherIdsBefore;

    public EntityPage(int capacity) {
        high = new long[capacity];
        low = new long[capacity];
        micros = new long[capacity];
        precision = new byte[capacity];
        selected = new boolean[capacity];
        relation = new boolean[capacity];
    }

    /** Adds an entity of PostgreSQL; the timestamp in microseconds since 1970. */
    public void add(long high, long low, long micros, boolean selected, boolean relation) {
        add(high, low, micros, Precision.MICROSECONDS, selected, relation);
    }

    /** Adds an entity of Neo4j, a node or a relationship. */
    public void add(long high, long low, GraphTimestamp timestamp, boolean relationship) {
        add(high, low, timestamp.micros(), timestamp.precision(), true, relationship);
    }

    /** Adds an entity of Neo4j whose timestamp has microseconds since 1970, likewise. */
    public void addMicros(long high, long low, long micros, boolean relationship) {
        add(high, low, micros, Precision.MICROSECONDS, true, relationship);
    }

    /** Counts what has an id that is no lower-case UUID, and so belongs to no entity, in the place where it stands. */
    void addOtherId() {
        if (otherIdsBefore == null) {
            otherIdsBefore = new int[high.length];
        }
        otherIds++;
    }

    private void add(long high, long low, long micros, Precision precision, boolean selected, boolean relation) {
        if (size == this.high.length) {
            grow();
        }
        if (otherIdsBefore != null) {
            otherIdsBefore[size] = otherIds;
        }
        this.high[size] = high;
        this.low[size] = low;
        this.micros[size] = micros;
        this.precision[size] = (byte) precision.ordinal();
        this.selected[size] = selected;
        this.relation[size] = relation;
        size++;
    }

    public int size() {
        return size;
    }

    /** Takes all out, to be filled again. */
    void clear() {
        size = 0;
        otherIds = 0;
        otherIdsBefore = null;
    }

    /**
     * How many ids that are no lower-case UUID stand before an entity; with {@link #size} for its place, in the whole
     * page.
     */
    public int otherIdsBefore(int i) {
        return i == size ? otherIds : otherIdsBefore == null ? 0 : otherIdsBefore[i];
    }

    public long high(int i) {
        return high[i];
    }

    public long low(int i) {
        return low[i];
    }

    UUID id(int i) {
        return new UUID(high[i], low[i]);
    }

    public long micros(int i) {
        return micros[i];
    }

    public Precision precision(int i) {
        return PRECISIONS[precision[i]];
    }

    /** Whether the entity is of a type that is checked; always true in Neo4j, where the type is asked for later. */
    public boolean selected(int i) {
        return selected[i];
    }

    /** Whether it is a relation in PostgreSQL, or a relationship in Neo4j. */
    public boolean relation(int i) {
        return relation[i];
    }

    private void grow() {
        int capacity = Math.max(16, size * 2);
        high = Arrays.copyOf(high, capacity);
        low = Arrays.copyOf(low, capacity);
        micros = Arrays.copyOf(micros, capacity);
        precision = Arrays.copyOf(precision, capacity);
        selected = Arrays.copyOf(selected, capacity);
        relation = Arrays.copyOf(relation, capacity);
        otherIdsBefore = otherIdsBefore == null ? null : Arrays.copyOf(otherIdsBefore, capacity);
    }
}
