package syncdata.repair;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import syncdata.run.AtomicFile;
import syncdata.run.Events;
import syncdata.run.InputException;
import syncdata.run.Json;

/**
 * Counts what became of each entity. Writes it, where a file is asked for, as one JSON object a line; the file is whole
 * or not there.
 */
public final class Receipts implements Consumer<Receipt>, AutoCloseable {
    private final Optional<Out> out;
    private final Map<Receipt.Outcome, Long> counts = new EnumMap<>(Receipt.Outcome.class);
    private JsonGenerator json;
    private IOException failure;

    /** The file that they are written to, and its name. */
    private record Out(Path path, AtomicFile file) {
    }

    private Receipts(Optional<Out> out) {
        this.out = out;
    }

    /**
     * Prepares to write.
     *
     * @param path {@code -} is standard output; empty for no file
     * @throws InputException if no file can be written there
     */
    public static Receipts create(Optional<Path> path) {
        return new Receipts(path.map(place -> new Out(place, AtomicFile.create(place, "results file"))));
    }

    /**
     * Takes what became of one entity. A file that cannot be written does not stop the repair: {@link #finish} says so.
     */
    @Override
    public void accept(Receipt receipt) {
        counts.merge(receipt.outcome(), 1L, Long::sum);
        if (failure == null) {
            out.ifPresent(place -> write(place.file(), receipt));
        }
    }

    private void write(AtomicFile file, Receipt receipt) {
        try {
            if (json == null) {
                json = Json.MAPPER.getFactory().createGenerator(file.out())
                        .setPrettyPrinter(new MinimalPrettyPrinter("\n"));
            }
            json.writeStartObject();
            json.writeStringField("id", receipt.id().toString());
            json.writeStringField("outcome", receipt.outcome().label());
            if (receipt.cause().isPresent()) {
                json.writeStringField("cause", receipt.cause().get());
            }
            json.writeEndObject();
        } catch (IOException e) {
            failure = e;
        }
    }

    /**
     * Puts the file in place, and says how many entities there are of each outcome.
     *
     * @throws InputException if the file could not be written
     */
    public void finish(Events events) {
        out.ifPresent(place -> {
            events.info(Events.Logger.REPAIR, "Writing results file", Map.of("filename", place.path().toString()));
            put(place.file());
        });
        Map<String, Long> fields = new TreeMap<>();
        for (Receipt.Outcome outcome : Receipt.Outcome.values()) {
            fields.put("n_" + outcome.label().replace(' ', '_'), counts.getOrDefault(outcome, 0L));
        }
        events.info(Events.Logger.REPAIR, "apply-report.done", fields);
    }

    private void put(AtomicFile file) {
        try {
            if (failure == null && json != null) {
                json.flush();
                file.out().write('\n');
            }
            if (failure == null) {
                file.commit();
            }
        } catch (IOException e) {
            failure = e;
        }
        if (failure != null) {
            throw file.failure(failure, "the repair itself was done; run it again to see that every entity is in sync");
        }
    }

    @Override
    public void close() {
        out.ifPresent(place -> place.file().close());
    }
}
