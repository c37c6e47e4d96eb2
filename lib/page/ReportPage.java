package syncdata.page;

import com.samskivert.mustache.DefaultCollector;
import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import syncdata.report.Report;
import syncdata.report.ReportComparison;
import syncdata.run.AtomicFile;
import syncdata.run.InputException;
import syncdata.run.Words;

/**
 * A report page: reports as one HTML file for a browser, which needs no other file. Its template, style sheet and
 * script stand in {@code lib/page}. The template escapes every value, and the page allows no other script and no other
 * style.
 */
public final class ReportPage implements AutoCloseable {
    /** Empty where nobody wants a page. */
    private final Optional<AtomicFile> file;
    private Optional<InputException> failure = Optional.empty();

    private ReportPage(Optional<AtomicFile> file) {
        this.file = file;
    }

    /**
     * Prepares to write, before the work: a place where nothing can be written is found at once.
     *
     * @param path a file, or {@code -} for standard output
     * @throws InputException if no file can be written there
     */
    public static ReportPage create(Path path) {
        return new ReportPage(Optional.of(AtomicFile.create(path, "page")));
    }

    /**
     * The same for a script that uses standard output for something else.
     *
     * @param path empty where nobody wants a page: then none is written
     */
    public static ReportPage createBeside(Optional<Path> path) {
        if (path.equals(Optional.of(Path.of("-")))) {
            throw new InputException(
                    "--page is -, and standard output is taken: name a file, or print the page of a saved report with "
                    + "report-page");
        }
        return path.map(ReportPage::create).orElseGet(() -> new ReportPage(Optional.empty()));
    }

    /** Writes the page, where nothing was repaired or it is unknown. */
    public void write(List<Path> files, List<Report> reports) {
        write(files, reports, Optional.empty());
    }

    /**
     * Writes the page, and puts it in place. A failure to write is kept until {@link #close}: it stops nothing.
     *
     * @param files   the files of the reports
     * @param reports in the order in which they were made. The page is about the last one, and tells what became of the
     *                others
     * @param outcome of a repair of the last report
     * @throws InputException if the {@code check} of a report has other values than a check writes
     */
    public void write(List<Path> files, List<Report> reports, Optional<RepairOutcome> outcome) {
        file.ifPresent(out -> write(out, page(files, reports, outcome)));
    }

    private static Page page(List<Path> files, List<Report> reports, Optional<RepairOutcome> outcome) {
        List<PageContent> contents = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            contents.add(PageContent.of(files.get(i).toString(), reports.get(i), i == reports.size() - 1));
        }
        Page.Asset style = Page.Asset.of(text("page.css") + Look.style());
        Page.Asset script = Page.Asset.of(text("page.js"));
        if (reports.size() == 1) {
            return new PageView(contents, Optional.empty(), outcome).page(style, script);
        }
        try (ReportComparison comparison = ReportComparison.of(reports)) {
            return new PageView(contents, Optional.of(comparison), outcome).page(style, script);
        }
    }

    private void write(AtomicFile target, Page page) {
        try {
            Writer out = new OutputStreamWriter(target.out(), StandardCharsets.UTF_8);
            Mustache.compiler().withCollector(new Sections()).emptyStringIsFalse(true)
                    .withEscaper(value -> Escapers.HTML.escape(Words.visible(value))).compile(text("page.html"))
                    .execute(page, out);
            out.flush();
            target.commit();
        } catch (IOException e) {
            failure = Optional.of(target.failure(e,
                    "name a place that has room for it, and print it from the report with report-page"));
        }
    }

    /** What a page says first of what a check found, as a line for who mails or posts it. */
    public static String verdict(Report report) {
        return PageView.found(report) + (report.isPartial() ? " The check was stopped before its end." : "");
    }

    /** @throws InputException if the page could not be written */
    @Override
    public void close() {
        file.ifPresent(AtomicFile::close);
        failure.ifPresent(e -> {
            throw e;
        });
    }

    private static String text(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream("/page/" + name)) {
            if (in == null) {
                throw new InputException("lib/page/" + name
                        + " is not in the script as JBang built it: build it again with ./jbang build --fresh and the "
                        + "script's name");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the template treat an {@code Optional} as a section that is shown or not. */
    private static final class Sections extends DefaultCollector {
        @Override
        public Iterator<?> toIterator(Object value) {
            return value instanceof Optional<?> optional ? optional.stream().iterator() : super.toIterator(value);
        }
    }
}
