package syncdata.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The model of the template {@code lib/page/page.html}, which uses the same names.
 *
 * @param mood    good or bad
 * @param history what became of the entities of several reports
 * @param apart   counts that are kept apart
 * @param first   the oldest differences, where there are others too
 * @param offset  a sentence about the offset that most timestamps share
 * @param shownOf a sentence about how many of the differences the page shows
 */
record Page(String title, String heading, String mood, String verdict, List<String> remarks,
        Optional<PageHistory> history, List<Tile> tiles, Optional<String> apart, Optional<Rows<PageRow>> first,
        Optional<String> offset, Optional<Rows<TypeBar>> types, List<Plot> plots, Optional<Radius> radius,
        String shownOf, List<PageRow> rows, List<String> classes, List<String> typeNames, List<Fact> provenance,
        List<Look> looks, Asset style, Asset script) {

    boolean hasRows() {
        return !rows.isEmpty();
    }

    /** A section that is shown only if it has rows. */
    record Rows<T>(List<T> rows) {
        static <T> Optional<Rows<T>> unlessEmpty(List<T> rows) {
            return rows.isEmpty() ? Optional.empty() : Optional.of(new Rows<>(rows));
        }
    }

    /**
     * The count of a class.
     *
     * @param fill the name of its pattern; empty for ok
     */
    record Tile(Optional<String> fill, String name, String count, String meaning) {
    }

    /** A class in the bar of a type. */
    record Part(String fill, String verdict, String count, String x, String width) {
    }

    /** The differences of a type. */
    record TypeBar(String name, String total, List<Part> parts) {
    }

    /** A column of a plot in words. */
    record BinCount(String name, String count) {
    }

    /** A plot of columns, with a table that says the same. */
    record Plot(String key, String heading, String sentence, String said, String fill, String axis, String caption,
            String column, Chart chart, List<BinCount> bins) {
        int fullHeight() {
            return chart.height() + Chart.TICK_NAMES;
        }

        int notch() {
            return chart.height() + 5;
        }
    }

    /** What is tied to the entities that a repair deletes or reindexes. */
    record Radius(String sentence, List<Table> tables) {
    }

    record Table(String caption, List<String> columns, List<List<Cell>> rows) {
    }

    /** A line of the provenance. */
    record Fact(String name, String value) {
    }

    /** A style sheet or script of the page, which its security policy allows by the hash. */
    record Asset(String text, String hash) {
        static Asset of(String text) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return new Asset(text, "sha256-" + Base64.getEncoder().encodeToString(digest));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
