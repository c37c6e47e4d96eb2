package syncdata.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeSet;
import syncdata.report.Report;
import syncdata.report.ReportReader;
import syncdata.rules.Comparison;
import syncdata.rules.DatabaseIdentity;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Selection;
import syncdata.run.AtomicFile;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.RefusedException;
import syncdata.store.Databases;

/** The check whose report lies where this one's goes: for a check of what was changed since it began. */
final class LastCheck {
    private static final String ADVICE = ": check everything once, into the same file";

    private final Path file;
    private final JsonNode check;

    private LastCheck(Path file, JsonNode check) {
        this.file = file;
        this.check = check;
    }

    /**
     * Reads its report.
     *
     * @throws InputException if there is none, it does not say when its check began, or that was stopped before its end
     */
    static LastCheck read(Path file) {
        if (!AtomicFile.isFile(file) || !Files.exists(file)) {
            throw new InputException("--changed-after last goes on from the report at --check-results-file, and "
                    + file + " is none" + ADVICE);
        }
        try (Report report = ReportReader.read(file, false)) {
            LastCheck last = new LastCheck(file, Json.MAPPER.valueToTree(report.check()));
            if (GraphTimestamp.parse(last.check.path("started").asText()) == null) {
                throw last.refused("does not say when its check began");
            }
            if (report.isPartial()) {
                throw last.refused("is partial: its check was stopped before its end");
            }
            return last;
        }
    }

    /**
     * When it began, less the time that what was changed had to settle; in microseconds since 1970.
     *
     * @throws InputException if it was a check of something else
     */
    long began(Selection selection, Comparison comparison, Duration settle) {
        JsonNode types = Json.MAPPER.valueToTree(selection.types().isEmpty() ? null : new TreeSet<>(selection.types()));
        JsonNode slice = Json.MAPPER.valueToTree(selection.slice().isAll() ? null : selection.slice().toString());
        if (!same("entity_types", types) || !same("slice", slice)
                || !check.path("compared").asText("").equals(comparison.label())) {
            throw refused("is of a check with another --entity-types, --slice or --compare");
        }
        Instant started = GraphTimestamp.parse(check.path("started").asText());
        return GraphTimestamp.micros(started.minus(settle));
    }

    /**
     * Makes sure that it was of the databases that are connected.
     *
     * @throws RefusedException if it was of others
     */
    void requireSame(Databases databases) {
        requireSame("postgresql", "system_identifier", databases.source().identity());
        requireSame("neo4j", "database_id", databases.graph().identity());
    }

    private void requireSame(String side, String idName, DatabaseIdentity connected) {
        JsonNode last = check.path(side);
        boolean sameId = connected.id() == null || connected.id().equals(last.path(idName).asText());
        if (!sameId || !connected.name().equals(last.path("name").asText())) {
            throw new RefusedException("The report " + file + " is of another database, " + last.path("name").asText()
                    + " at " + last.path("host").asText() + " and not " + connected.name() + " at " + connected.host()
                    + ", so that --changed-after last cannot go on from it" + ADVICE);
        }
    }

    private boolean same(String field, JsonNode wanted) {
        return check.has(field) && check.get(field).equals(wanted);
    }

    private InputException refused(String why) {
        return new InputException("The report " + file + " " + why
                + ", so that --changed-after last cannot go on from it" + ADVICE);
    }
}
