package syncdata.repair;

/**
 * Where a repair is. The first round takes the named entities, the next ones what lost the compare-and-set, the last
 * one what failed.
 *
 * @param number from 1 on
 * @param last   whether this is the last try
 * @param phase  what is being written
 */
record Round(int number, boolean last, Phase phase) {
    /** Nodes are written first, then relations. */
    enum Phase { NODES, RELATIONS }

    /** Rounds in which an entity may lose the compare-and-set. */
    static final int MOST = 5;

    static final Round FIRST = new Round(1, false, Phase.NODES);

    Round next() {
        return new Round(number + 1, false, Phase.NODES);
    }

    Round lastTry() {
        return new Round(number + 1, true, Phase.NODES);
    }

    Round writingRelations() {
        return new Round(number, last, Phase.RELATIONS);
    }

    /** Whether the turn of a named entity may still come. */
    boolean turnsToCome() {
        return number == 1 && phase == Phase.NODES;
    }
}
