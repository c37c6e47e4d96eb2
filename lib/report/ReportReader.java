package syncdata.report;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import syncdata.rules.EntityId;
import syncdata.run.AtomicFile;
import syncdata.run.ForeignJson;
import syncdata.run.IdLog;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.SortedIds;
import syncdata.run.Words;

/** Reads a saved report of any size. Gives nothing of a report that is not sound. */
public final class ReportReader {
    private static final String TO_DELETE = "entity_ids_to_delete";
    private static final String TO_REINDEX = "entity_ids_to_reindex";
    private static final List<String> REQUIRED =
            List.of(TO_DELETE, TO_REINDEX, "n_missing", "n_not_deleted", "n_ok", "n_outdated", "n_strange");

    private static final Set<String> KNOWN = Stream.concat(REQUIRED.stream(), Stream.of("diffs", "check"))
            .collect(Collectors.toSet());

    private final String name;
    private final JsonParser json;
    private final IdLog toDelete = new IdLog();
    private final IdLog toReindex = new IdLog();
    private final IdLog unconfirmed = new IdLog();
    private final boolean withDiffs;
    /** Empty until the report has some. */
    private Optional<DiffFile> diffs = Optional.empty();
    private final Map<String, Long> counts = new HashMap<>();
    private ObjectNode check = Json.MAPPER.createObjectNode();

    private ReportReader(String name, JsonParser json, boolean withDiffs) {
        this.name = name;
        this.json = json;
        this.withDiffs = withDiffs;
    }

    /**
     * Reads a report, to its end.
     *
     * @param path      {@code -} is standard input
     * @param withDiffs whether to keep its diffs
     * @return the report, its ids ascending whatever their order was; with an unknown provenance where it has the seven
     *         fields alone
     * @throws InputException if there is no report, or it is not sound: what is wrong, and where
     */
    public static Report read(Path path, boolean withDiffs) {
        boolean standardInput = path.equals(Path.of("-"));
        String name = standardInput ? "The report on standard input" : "The report " + path;
        try (InputStream in = standardInput ? new FileInputStream(FileDescriptor.in) : Files.newInputStream(path);
             JsonParser json = ForeignJson.parser(in)) {
            ReportReader reader = new ReportReader(name, json, withDiffs);
            try {
                return reader.read();
            } catch (JsonProcessingException e) {
                reader.closeDiffs();
                throw unreadable(name, e, json.currentLocation());
            } catch (IOException | RuntimeException e) {
                reader.closeDiffs();
                throw e;
            } finally {
                reader.closeIds();
            }
        } catch (CharConversionException e) {
            throw new InputException(name + " is no JSON: it is not text in UTF-8");
        } catch (NoSuchFileException e) {
            throw new InputException(name + " does not exist: name a file that a check has written");
        } catch (IOException e) {
            throw new InputException(name + " cannot be read: " + AtomicFile.reason(e)
                    + "; name a file that you may read");
        }
    }

    private static InputException unreadable(String name, JsonProcessingException e, JsonLocation here) {
        JsonLocation place = e.getLocation() == null ? here : e.getLocation();
        if (e instanceof JsonEOFException || e.getOriginalMessage().startsWith("Unexpected end-of-input")) {
            return new InputException(name + " ends half-way, in line " + place.getLineNr()
                    + ": it was cut off; take the whole of it, or check again");
        }
        String kind = e instanceof StreamConstraintsException ? " cannot be used: " : " is no JSON: ";
        return new InputException(name + kind + ForeignJson.place(place) + ": " + ForeignJson.complaint(e));
    }

    private Report read() throws IOException {
        if (json.nextToken() == null) {
            throw new InputException(name + " is empty: the check that was to write it did not end well");
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw wrong("a report is a JSON object, and this is none");
        }
        Set<String> seen = new HashSet<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            if (KNOWN.contains(field) && !seen.add(field)) {
                throw wrong(field + " is there twice");
            }
            json.nextToken();
            switch (field) {
                case TO_DELETE -> readIds(field, toDelete);
                case TO_REINDEX -> readIds(field, toReindex);
                case "n_missing", "n_not_deleted", "n_ok", "n_outdated", "n_strange" -> counts.put(field, count(field));
                case "diffs" -> readDiffs();
                case "check" -> readCheck();
                default -> json.skipChildren(); // of a later version
            }
        }
        if (json.nextToken() != null) {
            throw wrong("something follows the report's end");
        }
        for (String field : REQUIRED) {
            if (!seen.contains(field)) {
                throw new InputException(name + " has no " + field + ": it is no report of a check, or not all of one");
            }
        }
        SortedIds deletes = sorted(TO_DELETE, toDelete);
        SortedIds reindexes = sorted(TO_REINDEX, toReindex);
        deletes.inBoth(reindexes).ifPresent(id -> {
            throw new InputException(name + " names " + id + " both in " + TO_DELETE + " and in " + TO_REINDEX
                    + ": check again");
        });
        return new Report(deletes, reindexes, unconfirmed.sorted(), counts.get("n_missing"),
                counts.get("n_not_deleted"), counts.get("n_ok"), counts.get("n_outdated"), counts.get("n_strange"),
                new Provenance(check).altered(), diffs, new Provenance(check));
    }

    private void readIds(String field, IdLog ids) throws IOException {
        expect(JsonToken.START_ARRAY, field + " is to be a list of ids");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(JsonToken.VALUE_STRING, field + " is to hold ids as text");
            ids.add(id(json.getText()));
        }
    }

    private UUID id(String text) {
        return EntityId.parse(text).orElseThrow(() -> wrong(Words.quoted(text) + " is no UUID"));
    }

    private long count(String field) throws IOException {
        expect(JsonToken.VALUE_NUMBER_INT, field + " is to be a whole number");
        try {
            long count = json.getLongValue();
            if (count >= 0) {
                return count;
            }
        } catch (JsonProcessingException tooLarge) {
            // said below
        }
        throw wrong(field + " is to be a whole number from 0 on, and is " + shortened(json.getText()));
    }

    private void readDiffs() throws IOException {
        expect(JsonToken.START_OBJECT, "diffs is to be an object");
        diffs = withDiffs ? Optional.of(new DiffFile()) : Optional.empty();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            UUID id = id(json.currentName());
            expect(json.nextToken(), JsonToken.START_OBJECT, "a diff is to be an object");
            if (diffs.isEmpty()) {
                json.skipChildren();
            } else {
                diffs.get().add(id, ForeignJson.value(json, JsonNode.class, new ForeignJson.Allowance()));
            }
        }
    }

    private void readCheck() throws IOException {
        expect(JsonToken.START_OBJECT, "check is to be an object");
        ForeignJson.Allowance allowance = new ForeignJson.Allowance();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (field.equals("unconfirmed")) {
                readIds(field, unconfirmed);
            } else {
                check.set(field, ForeignJson.value(json, JsonNode.class, allowance));
            }
        }
    }

    private SortedIds sorted(String field, IdLog ids) {
        SortedIds sorted = ids.sorted();
        sorted.repeated().ifPresent(id -> {
            throw new InputException(name + " names " + id + " twice in " + field + ": check again");
        });
        return sorted;
    }

    private void expect(JsonToken expected, String what) throws IOException {
        expect(json.currentToken(), expected, what);
    }

    private void expect(JsonToken token, JsonToken expected, String what) throws IOException {
        if (token != expected) {
            throw wrong(what + ", and there is "
                    + (token.isStructStart() ? token.asString() : shortened(json.getText())));
        }
    }

    private InputException wrong(String what) {
        return new InputException(name + " cannot be used: " + ForeignJson.place(json.currentTokenLocation()) + ": "
                + what);
    }

    private static String shortened(String text) {
        return Words.shortened(text, 60);
    }

    private void closeIds() {
        toDelete.close();
        toReindex.close();
        unconfirmed.close();
    }

    private void closeDiffs() {
        diffs.ifPresent(DiffFile::close);
    }
}
