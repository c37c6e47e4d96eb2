package syncdata.report;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import syncdata.rules.Verdict;
import syncdata.run.Json;
import syncdata.run.TextTable;
import syncdata.run.Words;

/** How entities of a report are printed. */
public enum ListingFormat {
    /** For people, in 80 columns: two lines an entity, the second its id. */
    TABLE {
        @Override
        public void print(Report report, EntityListing listing, PrintStream out) {
            finished(report).ifPresent(finished -> out.println("Checked " + Words.minute(finished) + " UTC."));
            List<String> classes = report.classes();
            String counts = Words.count(report.differences()) + " of " + Words.entities(report.checked())
                    + (report.differences() == 1 ? " differs" : " differ")
                    + (classes.isEmpty() ? "." : ": " + String.join(", ", classes) + ".");
            Words.wrap(counts, COLUMNS, Integer.MAX_VALUE).forEach(out::println);
            if (!listing.shown().isEmpty()) {
                out.println();
                printEntities(listing.shown(), out);
            }
            if (listing.matching() != report.differences() || listing.shown().size() < listing.matching()) {
                out.println();
                out.println(Words.count(listing.shown().size()) + " of " + Words.count(listing.matching())
                        + " that fit are shown"
                        + (listing.shown().size() < listing.matching()
                                ? ", last changed longest ago; --limit shows more." : "."));
            }
        }
    },
    /** For programs: one JSON object. */
    JSON {
        @Override
        public void print(Report report, EntityListing listing, PrintStream out) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("finished", report.provenance().finished().orElse(null));
            all.put("n_ok", report.ok());
            Verdict.DIFFERENCES.forEach(verdict ->
                    all.put("n_" + verdict.label().replace(' ', '_'), report.count(verdict)));
            all.put("n_matching", listing.matching());
            all.put("entities", listing.shown().stream().map(ListingFormat::fields).toList());
            out.println(Json.line(all));
        }
    },
    /** For other scripts: one id a line. */
    IDS {
        @Override
        public void print(Report report, EntityListing listing, PrintStream out) {
            listing.shown().forEach(entity -> out.println(entity.id()));
        }
    };

    private static final int COLUMNS = 80;
    private static final int LONGEST_TYPE = 20;

    /**
     * Prints a listing.
     *
     * @param out takes UTF-8
     */
    public abstract void print(Report report, EntityListing listing, PrintStream out);

    private static void printEntities(List<ReportedEntity> entities, PrintStream out) {
        TextTable table = new TextTable(List.of("class", "type", "changed", "behind", "title"));
        entities.forEach(entity -> table.add(List.of(
                entity.word(), Words.shortened(entity.type().orElse("-"), LONGEST_TYPE),
                entity.changedAsWritten().map(ListingFormat::day).orElse("-"),
                entity.behind().map(ListingFormat::behind).orElse("-"),
                entity.title().orElse("-"))));
        List<String> lines = table.toString().lines().map(line -> Words.shortened(line, COLUMNS))
                .collect(Collectors.toCollection(ArrayList::new));
        out.println(lines.remove(0));
        for (int i = 0; i < entities.size(); i++) {
            out.println(lines.get(i));
            out.println("  " + entities.get(i).id());
        }
    }

    private static String day(String timestamp) {
        return timestamp.substring(0, Math.min("2024-06-01".length(), timestamp.length()));
    }

    private static String behind(long micros) {
        String distance = Words.duration(Duration.of(Math.abs(micros), ChronoUnit.MICROS));
        return micros < 0 ? distance + " ahead" : distance;
    }

    private static Optional<Instant> finished(Report report) {
        return report.provenance().finishedAt();
    }

    private static Map<String, Object> fields(ReportedEntity entity) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", entity.id());
        fields.put("class", entity.verdict().orElse(null));
        fields.put("repair", entity.repair().label());
        fields.put("type", entity.type().orElse(null));
        fields.put("title", entity.title().orElse(null));
        fields.put("last_updated_at", entity.lastUpdatedAt());
        fields.put("seconds_behind", entity.behind().map(micros -> micros / 1_000_000.0).orElse(null));
        fields.put("n_in_neo4j", entity.copies());
        fields.put("properties", entity.properties());
        return fields;
    }
}
