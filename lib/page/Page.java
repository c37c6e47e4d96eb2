package syncdata.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What {@code lib/page/page.html} is filled with, by the names that it has there.
 *
 * @param mood    good or bad
 * @param history how several reports follow on each other
 * @param apart   what was counted apart
 * @param first   the oldest differences, where there are more than those
 * @param finding a systematic offset
 * @param shownOf how many of the differences the page has
 */
record Page(String title, String heading, String mood, String verdict, List<String> remarks,
        Optional<PageHistory> history,
            List<Tile> tiles, Optional<String> apart, Optional<Rows<PageRow>> first, Optional<String> finding,
            Optional<Rows<TypeBar>> types, List<Plot> plots, Optional<Radius> radius, String shownOf,
            List<PageRow> rows,
            List<String> classes, List<String> typeNames, List<Fact> provenance, List<Look> looks, Asset style,
            Asset script) {

    boolean hasRows() {
        return !rows.isEmpty();
    }

    /** A section that is there only with its rows. */
    record Rows<T>(List<T> rows) {
        static <T> Optional<Rows<T>> unlessEmpty(List<T> rows) {
            return rows.isEmpty() ? Optional.empty() : Optional.of(new Rows<>(rows));
        }
    }

    /** The count of one class. @param fill of its pattern; empty for what is in sync */
    record Tile(Optional<String> fill, String name, String count, String meaning) {
    }

    /** One class in the bar of a type. */
    record Part(String fill, String verdict, String count, String x, String width) {
    }

    /** How many of one type differ. */
    record TypeBar(String name, String total, List<Part> parts) {
    }

    /** A column in words. */
    record BinCount(String name, String count) {
    }

    /** A plot of columns, with a table that says the same. */
    record Plot(String key, String heading, String sentence, String said, String fill, String axis, String caption,
            String column,
                Chart chart, List<BinCount> bins) {
        int fullHeight() {
            return chart.height() + Chart.TICK_NAMES;
        }

        int notch() {
            return chart.height() + 5;
        }
    }

    /** What hangs on what the repair deletes or reindexes. */
    record Radius(String sentence, List<Table> tables) {
    }

    /** A small table. */
    record Table(String caption, List<String> columns, List<List<Cell>> rows) {
    }

    /** One line of where the report comes from. */
    record Fact(String name, String value) {
    }

    /** A text of the page's own, which its policy allows by the hash. */
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
