package syncdata.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import syncdata.report.ReportComparison.Trend;
import syncdata.rules.RepairAction;
import syncdata.run.Ids;
import syncdata.run.Json;
import syncdata.run.TextTable;

/** How a comparison of reports is printed. */
public enum ComparisonFormat {
    /** For people. */
    TABLE {
        @Override
        void write(ComparedReports reports, ReportComparison comparison, Collection<Trend> changes,
                Optional<RepairAction> only, PrintStream out) {
            TextTable header = new TextTable(List.of("report", "finished", "to delete", "to reindex", "ok"));
            for (int i = 0; i < reports.files().size(); i++) {
                Report report = reports.reports().get(i);
                header.add(List.of(reports.files().get(i), reports.finished(i), report.toDelete().count(),
                        report.toReindex().count(), report.ok()));
            }
            out.println(header);

            List<Trend> columns = Stream.of(Trend.values())
                    .filter(trend -> trend != Trend.FLAPPING || reports.files().size() > 2).toList();
            TextTable table = new TextTable(
                    Stream.concat(Stream.of("class", "type"), columns.stream().map(Trend::label)).toList());
            comparison.counts()
                    .forEach((group, counts) ->
                            table.add(line(group.verdict(), group.type(),
                                    columns.stream().map(trend -> counts.getOrDefault(trend, 0L)))));
            table.add(line("all", "", columns.stream().map(comparison::count)));
            out.print(table);

            if (!comparison.flapping().isEmpty()) {
                long all = comparison.count(Trend.FLAPPING);
                out.println("\nflapping" + (all > comparison.flapping().size()
                        ? ", the first " + comparison.flapping().size() + " of " + all : "") + ":");
                comparison.flapping().forEach(entity -> out.println("  " + entity.id() + "  "
                        + entity.history().stream().map(in -> in ? "in" : "out").collect(Collectors.joining(", "))));
            }
        }
    },
    /** For programs: one JSON object. */
    JSON {
        @Override
        void write(ComparedReports reports, ReportComparison comparison, Collection<Trend> changes,
                Optional<RepairAction> only, PrintStream out) throws IOException {
            DefaultPrettyPrinter lines = new DefaultPrettyPrinter();
            lines.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
            try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(out)) {
                json.setPrettyPrinter(lines);
                json.writeStartObject();
                json.writeArrayFieldStart("reports");
                for (int i = 0; i < reports.files().size(); i++) {
                    Report report = reports.reports().get(i);
                    json.writeStartObject();
                    json.writeStringField("file", reports.files().get(i).toString());
                    json.writeStringField("finished", reports.finished(i).isEmpty() ? null : reports.finished(i));
                    json.writeNumberField("n_to_delete", report.toDelete().count());
                    json.writeNumberField("n_to_reindex", report.toReindex().count());
                    json.writeNumberField("n_ok", report.ok());
                    json.writeEndObject();
                }
                json.writeEndArray();
                for (Trend trend : Trend.values()) {
                    json.writeNumberField("n_" + trend.label(), comparison.count(trend));
                }
                json.writeArrayFieldStart("groups");
                for (Map.Entry<EntityGroup, Map<Trend, Long>> group : comparison.counts().entrySet()) {
                    json.writeStartObject();
                    json.writeStringField("class", group.getKey().verdict());
                    json.writeStringField("type", group.getKey().type());
                    for (Trend trend : Trend.values()) {
                        json.writeNumberField("n_" + trend.label(), group.getValue().getOrDefault(trend, 0L));
                    }
                    json.writeEndObject();
                }
                json.writeEndArray();
                for (Trend trend : changes) {
                    json.writeObjectFieldStart(trend.label());
                    writeIds(json, "entity_ids_to_delete", comparison.toDelete(trend));
                    writeIds(json, "entity_ids_to_reindex", comparison.toReindex(trend));
                    json.writeEndObject();
                }
                json.writeEndObject();
            }
            out.println();
        }
    },
    /** For other scripts: one id a line, those to delete first. */
    IDS {
        @Override
        void write(ComparedReports reports, ReportComparison comparison, Collection<Trend> changes,
                Optional<RepairAction> only, PrintStream out) {
            for (Trend trend : changes) {
                if (only.orElse(RepairAction.DELETE) == RepairAction.DELETE) {
                    comparison.toDelete(trend).iterator().forEachRemaining(out::println);
                }
                if (only.orElse(RepairAction.REINDEX) == RepairAction.REINDEX) {
                    comparison.toReindex(trend).iterator().forEachRemaining(out::println);
                }
            }
        }
    };

    /**
     * Prints a comparison.
     *
     * @param changes the trends whose ids are printed
     * @param only    ids of this action, where only ids are printed; empty for all
     * @param target  takes UTF-8
     */
    public void print(ComparedReports reports, ReportComparison comparison, Collection<Trend> changes,
            Optional<RepairAction> only, OutputStream target) throws IOException {
        PrintStream out = new PrintStream(new BufferedOutputStream(target, 1 << 16), false, StandardCharsets.UTF_8);
        write(reports, comparison, changes, only, out);
        out.flush();
    }

    abstract void write(ComparedReports reports, ReportComparison comparison, Collection<Trend> changes,
            Optional<RepairAction> only, PrintStream out) throws IOException;

    private static List<Object> line(String verdict, String type, Stream<Long> counts) {
        List<Object> line = new ArrayList<>(List.of(verdict, type));
        counts.forEach(line::add);
        return line;
    }

    private static void writeIds(JsonGenerator json, String name, Ids ids) throws IOException {
        json.writeArrayFieldStart(name);
        for (long from = 0; from < ids.count(); from += 1000) {
            for (UUID id : ids.batch(from, 1000)) {
                json.writeString(id.toString());
            }
        }
        json.writeEndArray();
    }
}
