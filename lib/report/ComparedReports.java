package syncdata.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import syncdata.run.InputException;
import syncdata.run.RefusedException;

/** Saved reports to compare. */
public final class ComparedReports implements AutoCloseable {
    private final List<Path> files;
    private final List<Report> reports = new ArrayList<>();

    /**
     * Reads reports.
     *
     * @param files in the order in which the reports were made
     * @throws InputException if one of them is not sound
     */
    public ComparedReports(List<Path> files) {
        this.files = files;
        try {
            files.forEach(file -> reports.add(ReportReader.read(file, true)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    public List<Path> files() {
        return files;
    }

    public List<Report> reports() {
        return reports;
    }

    /**
     * Makes sure that all checks had the same filters, as far as their reports say.
     *
     * @throws RefusedException if two had not: a comparison would find what the filters left out
     */
    public void requireSameFilters() {
        for (String filter : Provenance.FILTERS) {
            requireSame(report -> report.provenance().isUnknown()
                    ? Optional.empty() : Optional.of(report.provenance().filter(filter)),
                    "The checks did not look at the same entities: " + filter,
                    "compare reports with the same filters, or add --any-filter");
        }
    }

    /**
     * Makes sure that all are from the same databases, as far as they say.
     *
     * @throws RefusedException if two are not
     */
    public void requireSameDatabases() {
        for (List<String> field : Provenance.DATABASES) {
            requireSame(report -> report.provenance().value(field),
                    "The reports are from different databases: " + String.join("'s ", field),
                    "compare reports of the same two databases, or add --any-database");
        }
    }

    /** Remarks for a person, a line each. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            if (reports.get(i).provenance().isUnknown()) {
                remarks.add(files.get(i)
                        + " has the seven fields alone: which databases and filters it is from, and when, is not "
                        + "known");
            }
            if (i > 0 && finished(i - 1).compareTo(finished(i)) > 0 && !finished(i).isEmpty()) {
                remarks.add(files.get(i) + " is older than " + files.get(i - 1)
                        + ": are they in the order in which they were made?");
            }
        }
        return remarks;
    }

    /** The end of a report's check, in ISO 8601; an empty text where it is unknown. */
    public String finished(int i) {
        return reports.get(i).provenance().finished().orElse("");
    }

    @Override
    public void close() {
        reports.forEach(Report::close);
    }

    /** What one report says, by its file. */
    private record Saying(Object said, Path file) {
    }

    /** Compares what the reports say of one thing. A report that says nothing agrees with any. */
    private void requireSame(Function<Report, Optional<Object>> thing, String what, String advice) {
        List<Saying> sayings = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            Path file = files.get(i);
            thing.apply(reports.get(i)).ifPresent(said -> sayings.add(new Saying(said, file)));
        }
        sayings.stream().filter(saying -> !saying.said().equals(sayings.get(0).said())).findFirst()
                .ifPresent(other -> {
                    throw new RefusedException(what + " is " + sayings.get(0).said() + " in " + sayings.get(0).file()
                            + " and " + other.said() + " in " + other.file() + "; " + advice);
                });
    }
}
