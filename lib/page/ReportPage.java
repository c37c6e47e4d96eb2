package syncdata.page;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import syncdata.report.Report;
import syncdata.report.ReportComparison;
import syncdata.run.AtomicFile;
import syncdata.run.InputException;
import syncdata.run.Words;

/**
 * Where reports are written as one HTML page that needs nothing else, for a browser. What it looks like stands in
 * {@code lib/page}.
 * Every value is escaped where it is put in, and the page allows no script and no style but its own.
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

    /**
     * Writes the page and puts it in place. A place that takes no page stops nothing: {@link #close} says so once all
     * else is done.
     *
     * @param files   what each report is called
     * @param reports in the order in which they were made; the page is about the last, and says what became of the
     *                others
     * @throws InputException if a report's check holds something else than a check writes
     */
    public void write(List<Path> files, List<Report> reports) {
        List<PageContent> contents = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            contents.add(PageContent.of(files.get(i).toString(), reports.get(i), i == reports.size() - 1));
        }
        Map<String, Object> view;
        try (ReportComparison comparison = reports.size() == 1 ? null : ReportComparison.of(reports)) {
            view = new PageView(contents, comparison).all();
        }
        for (String part : List.of("style", "script")) {
            String text = text(part.equals("style") ? "page.css" : "page.js");
            view.put(part, text);
            view.put(part + "Hash", hash(text));
        }
        try {
            Writer out = new OutputStreamWriter(file.out(), StandardCharsets.UTF_8);
            Mustache.compiler().emptyStringIsFalse(true).nullValue("")
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

    /** As a Content-Security-Policy names what it allows. */
    private static String hash(String text) {
        try {
            return "sha256-" + Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
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
}
