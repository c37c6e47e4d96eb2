package syncdata.page;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import syncdata.rules.Verdict;

/**
 * The look of a class: a colour in each theme, and a pattern for who cannot tell colours. A new class is a line here.
 *
 * @param verdict the class
 * @param light   its colour in the light theme and in print
 * @param dark    its colour in the dark theme
 * @param turn    the angle of the pattern, in degrees
 * @param gap     the gap of the pattern in a tile of 7 by 7, as SVG; empty for a plain colour
 */
record Look(Verdict verdict, String light, String dark, int turn, String gap) {
    private static final List<Look> LOOKS = List.of(
            new Look(Verdict.OUTDATED, "#e69f00", "#e69f00", 45, "<rect class=\"gap\" width=\"2\" height=\"7\"/>"),
            new Look(Verdict.STRANGE, "#b8548f", "#d98cb9", 0,
                    "<circle class=\"gap\" cx=\"3.5\" cy=\"3.5\" r=\"1.6\"/>"),
            new Look(Verdict.ALTERED, "#8a6d3b", "#c9a25c", 0,
                    "<rect class=\"gap\" x=\"2\" y=\"2\" width=\"3\" height=\"3\"/>"),
            new Look(Verdict.MISSING, "#0072b2", "#3ba0dc", 0, ""),
            new Look(Verdict.NOT_DELETED, "#009e73", "#1fbd8f", 0, "<rect class=\"gap\" width=\"7\" height=\"1.8\"/>"));

    /** The looks of all differences, in the order of the classes. */
    static List<Look> all() {
        return Verdict.DIFFERENCES.stream().map(Look::of).toList();
    }

    static Look of(Verdict verdict) {
        return LOOKS.stream().filter(look -> look.verdict == verdict).findFirst()
                .orElseThrow(() -> new IllegalStateException("no look for " + verdict));
    }

    /** The name of the pattern and of the style. */
    String fill() {
        return verdict.label().replace(' ', '-');
    }

    /** The style sheet of the classes. */
    static String style() {
        return Stream.of(
                all().stream().map(look -> "." + look.fill() + " { fill: var(--" + look.fill() + "); }"),
                Stream.of(":root { " + colours(true) + " }"),
                Stream.of("@media (prefers-color-scheme: dark) { :root { " + colours(false) + " } }"),
                Stream.of("@media print { :root { " + colours(true) + " } }"))
                .flatMap(lines -> lines).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String colours(boolean light) {
        return all().stream().map(look -> "--" + look.fill() + ": " + (light ? look.light : look.dark) + ";")
                .collect(Collectors.joining(" "));
    }
}
