package syncdata.repair;

/**
 * Where a repair is. The first round takes what was asked for; each of the next what changed meanwhile; the last what
 * failed before.
 *
 * @param number from 1 on
 * @param last   whether what fails now has failed
 * @param phase  what is being written
 */
record Round(int number, boolean last, Phase phase) {
    /** Nodes are written first, then relations. */
    enum Phase { NODES, RELATIONS }

    /** So many rounds an entity may change under our hands. */
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

    /** Whether an entity that was asked for has its turn still to come. */
    boolean turnsToCome() {
        return number == 1 && phase == Phase.NODES;
    }
}
