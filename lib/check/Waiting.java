package syncdata.check;

import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import syncdata.rules.Settling.Decision.LookAgain;
import syncdata.rules.Settling.Reason;
import syncdata.rules.Snapshot;
import syncdata.run.IdLog;
import syncdata.run.Ids;

/** Ids that differ and wait for another look, by what they wait for. */
final class Waiting implements AutoCloseable {

    /** Ids that wait for the same reason, and are looked at together. */
    static final class Room implements AutoCloseable {
        private final IdLog ids = new IdLog();
        private Snapshot since;
        private long readyAt;

        private Room(Snapshot since, long readyAt) {
            this.since = since;
            this.readyAt = readyAt;
        }

        private void waitFor(Snapshot look, long micros) {
            since = look.micros() >= since.micros() ? look : since;
            readyAt = Math.max(readyAt, micros);
        }

        /** The ids. */
        IdLog ids() {
            return ids;
        }

        /** The latest snapshot in which one of them was first seen as it is. */
        Snapshot since() {
            return since;
        }

        /** When all of them can be looked at, in microseconds since 1970. */
        long readyAt() {
            return readyAt;
        }

        @Override
        public void close() {
            ids.close();
        }
    }

    private final Map<Reason, Room> rooms = new EnumMap<>(Reason.class);

    /** Reads what {@link #writeTo} has written. */
    static Waiting read(ObjectInput in) throws IOException, ClassNotFoundException {
        Waiting waiting = new Waiting();
        for (int left = in.readInt(); left > 0; left--) {
            Room room = waiting.room((Reason) in.readObject(), (Snapshot) in.readObject(), in.readLong());
            room.ids.addFrom(in);
        }
        return waiting;
    }

    /** Writes all of it. */
    void writeTo(ObjectOutput out) throws IOException {
        out.writeInt(rooms.size());
        for (Map.Entry<Reason, Room> room : rooms.entrySet()) {
            out.writeObject(room.getKey());
            out.writeObject(room.getValue().since);
            out.writeLong(room.getValue().readyAt);
            room.getValue().ids.writeTo(out);
        }
    }

    /** Takes one more. */
    void add(UUID id, LookAgain again) {
        room(again.reason(), again.since(), again.readyAt()).ids.add(id);
    }

    /** Takes those of another part of the check. */
    void join(Waiting others) {
        others.rooms.forEach((reason, room) ->
            room(reason, room.since, room.readyAt).ids.addAll(room.ids));
    }

    /** How many wait. */
    long count() {
        return rooms.values().stream().mapToLong(room -> room.ids.count()).sum();
    }

    /** Adds all of them to a log. */
    void addTo(IdLog log) {
        rooms.values().forEach(room -> log.addAll(room.ids));
    }

    /** What they still wait for at this snapshot; empty where all can be looked at. */
    Set<Reason> waitFor(Snapshot now) {
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        rooms.forEach((reason, room) -> {
            if (!now.hasSeen(room.since)) {
                reasons.add(Reason.STANDBY);
            } else if (!now.allEndedSince(room.since)) {
                reasons.add(Reason.TRANSACTION);
            }
            if (room.readyAt > now.seen()) {
                reasons.add(reason.verdict().isPresent() ? reason : Reason.CHANGE);
            }
        });
        return reasons;
    }

    /** Gives all of them. */
    void forEach(BiConsumer<Reason, Room> action) {
        rooms.forEach(action);
    }

    @Override
    public void close() {
        rooms.values().forEach(Room::close);
    }

    private Room room(Reason reason, Snapshot since, long readyAt) {
        Room room = rooms.computeIfAbsent(reason, any -> new Room(since, readyAt));
        room.waitFor(since, readyAt);
        return room;
    }
}
