package syncdata.store;

import java.util.Arrays;
import java.util.UUID;
import syncdata.rules.ContentDigest;
import syncdata.rules.GraphTimestamp.Precision;
import syncdata.rules.GraphTimestamp;

/** A page of entities in the order of their ids. It keeps arrays, and no object for each entity. */
public final class EntityPage {
    /**
     * The timestamp of an entity that has to be looked up by its id, since what was read of it cannot be trusted. It is
     * newer than every change, so that no filter leaves the entity out.
     */
    private static final long TO_BE_LOOKED_UP = Long.MAX_VALUE;
    private static final int[] NONE = {};
    private static final long[] NONE_KNOWN = {};
    private static final Precision[] PRECISIONS = Precision.values();

    private long[] high;
    private long[] low;
    private long[] micros;
    private byte[] precision;
    private boolean[] selected;
    private boolean[] relation;
    /** Of their contents; empty where those were not asked for. */
    private long[] digests = NONE_KNOWN;
    private int size;
    private int otherIds;
    /** How many other ids stand before each entity; empty where there are none in the page. */
    private int[] otherIdsBefore = NONE;

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

    /** Adds an entity of Neo4j, its timestamp in microseconds since 1970. */
    public void addMicros(long high, long low, long micros, boolean relationship) {
        add(high, low, micros, Precision.MICROSECONDS, true, relationship);
    }

    /** Adds an entity that has to be looked up by its id: what was read of it cannot be trusted. */
    void addToBeLookedUp(long high, long low, boolean selected, boolean relation) {
        add(high, low, TO_BE_LOOKED_UP, Precision.MICROSECONDS, selected, relation);
    }

    /** Counts an id that is no lower-case UUID, and so belongs to no entity, in the place where it stands. */
    void addOtherId() {
        if (otherIdsBefore.length == 0) {
            otherIdsBefore = new int[Math.max(1, high.length)];
        }
        otherIds++;
    }

    /** Says what stands for the content of an entity that was added. */
    void digest(int i, long digest) {
        if (digests.length == 0 && digest == ContentDigest.UNKNOWN) {
            return;
        }
        if (digests.length == 0) {
            digests = new long[high.length];
        }
        digests[i] = digest;
    }

    /** What stands for its content; {@link ContentDigest#UNKNOWN} where that was not asked for. */
    public long digest(int i) {
        return digests.length == 0 ? ContentDigest.UNKNOWN : digests[i];
    }

    private void add(long high, long low, long micros, Precision precision, boolean selected, boolean relation) {
        if (size == this.high.length) {
            grow();
        }
        if (otherIdsBefore.length > 0) {
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

    /** Empties the page, to be filled again. */
    void clear() {
        size = 0;
        otherIds = 0;
        otherIdsBefore = NONE;
        digests = NONE_KNOWN;
    }

    /** How many ids that are no lower-case UUID stand before an entity; at {@link #size}, in the whole page. */
    public int otherIdsBefore(int i) {
        return i == size ? otherIds : otherIdsBefore.length == 0 ? 0 : otherIdsBefore[i];
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

    /** Whether the entity is of a type that is checked. Always true in Neo4j, where the type is asked for later. */
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
        digests = digests.length == 0 ? NONE_KNOWN : Arrays.copyOf(digests, capacity);
        otherIdsBefore = otherIdsBefore.length == 0 ? NONE : Arrays.copyOf(otherIdsBefore, capacity);
    }
}
