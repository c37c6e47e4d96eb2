package syncdata.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import syncdata.run.InputException;
import syncdata.run.RefusedException;

/** Saved reports that are to be compared, and whether they can be. */
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
     * Makes sure that all looked at the same entities, as far as they say which.
     *
     * @throws RefusedException if two did not: what differs would be their filters
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
     * Makes sure that all are from the same databases, as far as they say from which.
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

    /** What a person should know of them, a line each. */
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

    /** When the check ended that made a report, in ISO 8601; empty where it does not say. */
    public String finished(int i) {
        return reports.get(i).provenance().finished().orElse("");
    }

    @Override
    public void close() {
        reports.forEach(Report::close);
    }

    /** A report that does not say a thing agrees with any. */
    private void requireSame(Function<Report, Optional<Object>> saying, String what, String advice) {
        int first = -1;
        for (int i = 0; i < reports.size(); i++) {
            Optional<Object> said = saying.apply(reports.get(i));
            if (said.isPresent() && first < 0) {
                first = i;
            } else if (said.isPresent() && !said.equals(saying.apply(reports.get(first)))) {
                throw new RefusedException(what + " is " + saying.apply(reports.get(first)).get() + " in "
                        + files.get(first) + " and " + said.get() + " in " + files.get(i) + "; " + advice);
            }
        }
    }
}
