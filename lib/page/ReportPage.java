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
 * Where reports are written as one HTML page that needs nothing else, for a browser. What it looks like stands in
 * {@code lib/page}. Every value is escaped where it is put in, and the page allows no script and no style but its own.
 */
public final class ReportPage implements AutoCloseable {
    private final AtomicFile file;
    private InputException failure;

    private ReportPage(AtomicFile file) {
        this.file = file;
    }

    /**
     * Prepares to write a page, so that a place where none can be written is found out before the work.
     *
     * @param path a file, or {@code -} for standard output
     * @throws InputException if no file can be written there
     */
    public static ReportPage create(Path path) {
        return new ReportPage(AtomicFile.create(path, "page"));
    }

    /**
     * The same for a script that says something else on standard output.
     *
     * @param path null where nobody wants a page
     * @return null then
     */
    public static ReportPage createBeside(Path path) {
        if (path != null && path.equals(Path.of("-"))) {
            throw new InputException(
                    "--page is -, and standard output is taken: name a file, or print the page of a saved report with "
                    + "report-page");
        }
        return path == null ? null : create(path);
    }

    /** The same where nothing was repaired, or nobody knows. */
    public void write(List<Path> files, List<Report> reports) {
        write(files, reports, Optional.empty());
    }

    /**
     * Writes the page and puts it in place. A place that takes no page stops nothing: {@link #close} says so once all
     * else is done.
     *
     * @param files   what each report is called
     * @param reports in the order in which they were made; the page is about the last, and says what became of the
     *                others
     * @param outcome of a repair of the last
     * @throws InputException if a report's check holds something else than a check writes
     */
    public void write(List<Path> files, List<Report> reports, Optional<RepairOutcome> outcome) {
        List<PageContent> contents = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            contents.add(PageContent.of(files.get(i).toString(), reports.get(i), i == reports.size() - 1));
        }
        Page.Asset style = Page.Asset.of(text("page.css") + Look.style());
        Page.Asset script = Page.Asset.of(text("page.js"));
        Page view;
        try (ReportComparison comparison = reports.size() == 1 ? null : ReportComparison.of(reports)) {
            view = new PageView(contents, Optional.ofNullable(comparison), outcome).page(style, script);
        }
        try {
            Writer out = new OutputStreamWriter(file.out(), StandardCharsets.UTF_8);
            Mustache.compiler().withCollector(new Sections()).emptyStringIsFalse(true)
                    .withEscaper(value -> Escapers.HTML.escape(Words.visible(value))).compile(text("page.html"))
                    .execute(view, out);
            out.flush();
            file.commit();
        } catch (IOException e) {
            failure =
                    file.failure(e, "name a place that has room for it, and print it from the report with report-page");
        }
    }

    /** @throws InputException if the page could not be written */
    @Override
    public void close() {
        file.close();
        if (failure != null) {
            throw failure;
        }
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

    /** A section of something optional is there where that is. */
    private static final class Sections extends DefaultCollector {
        @Override
        public Iterator<?> toIterator(Object value) {
            return value instanceof Optional<?> optional ? optional.stream().iterator() : super.toIterator(value);
        }
    }
}
