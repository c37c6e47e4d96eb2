package syncdata.command;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import syncdata.rules.Verdict;
import syncdata.run.Background;
import syncdata.run.Events;
import syncdata.run.Progress;
import syncdata.run.Words;

/** Shows people how far a run is: by a line on their terminal or, without one, by an event now and then. */
public final class ProgressDisplay implements Events.Closing {
    private static final int DRAWN_EVERY_MILLIS = 250;
    /** Draws after which the width of the terminal is asked again. */
    private static final int MEASURED_EVERY = 4;
    private static final int SHORTEST_BAR = 10;
    private static final int LONGEST_BAR = 30;

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Background.threads("progress"));
    private final Runnable atEnd;

    private ProgressDisplay(Runnable atEnd) {
        this.atEnd = atEnd;
    }

    /** Draws the line until this is closed. */
    public static ProgressDisplay line(Progress progress, Terminal terminal) {
        ProgressDisplay display = new ProgressDisplay(terminal::erase);
        Runnable draw = new Runnable() {
            private int draws;
            private int columns;

            @Override
            public void run() {
                progress.now().ifPresentOrElse(this::show, terminal::erase);
            }

            private void show(Progress.Status now) {
                if (draws++ % MEASURED_EVERY == 0) {
                    columns = terminal.columns();
                }
                terminal.show(text(now, columns - 1)); // a terminal may break a line that fills it
            }
        };
        Runtime.getRuntime().addShutdownHook(new Thread(display::close));
        display.timer.scheduleWithFixedDelay(draw, DRAWN_EVERY_MILLIS, DRAWN_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return display;
    }

    /** Says an event every so often, until this is closed. */
    public static ProgressDisplay events(Progress progress, Events events, Duration every) {
        ProgressDisplay display = new ProgressDisplay(() -> { });
        Runnable say = () -> progress.now().ifPresent(now -> events.info(
                now.phase() == Progress.Phase.CHECK ? Events.Logger.CHECK : Events.Logger.REPAIR, "Progress",
                fields(now)));
        display.timer.scheduleAtFixedRate(say, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return display;
    }

    @Override
    public void close() {
        timer.shutdown();
        try {
            timer.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        atEnd.run();
    }

    /**
     * The line, in at most so many columns. What matters least is left out first; a bar fills the room beside a line
     * that is whole. It is plain ASCII: every character is one column.
     */
    static String text(Progress.Status now, int columns) {
        boolean known = now.total().isPresent();
        String head = now.phase().label()
                + (known ? " " + now.entities() * 100 / now.total().getAsLong() + "%" : "");
        String all = known ? " of " + Words.compact(now.total().getAsLong()) : "";
        String done = (known ? ", " : " ") + Words.compact(now.entities()) + all;
        String rate = ", " + Words.compact(Math.round(now.perSecond())) + "/s";
        String left = now.secondsLeft().isEmpty() ? "" : ", " + Words.time(now.secondsLeft().getAsLong()) + " left";
        String wait = now.waitingFor().map(what -> ", waiting for " + what).orElse("");
        String classes = classes(now.found());
        long sum = now.found().values().stream().mapToLong(Long::longValue).sum();
        String differ = sum == 0 ? "" : "; " + Words.compact(sum) + " differ";
        List<String> fitting = List.of(
                head + done + rate + left + wait + classes,
                head + all + rate + left + wait + classes,
                head + all + left + wait + classes,
                head + left + wait + classes,
                head + rate + left + wait + differ,
                head + left + wait + differ,
                head + wait + differ,
                head + differ);
        String line = fitting.stream().filter(text -> text.length() <= columns).findFirst()
                .orElse(head.substring(0, Math.min(head.length(), Math.max(0, columns))));
        int room = columns - line.length() - 3;
        return line.equals(fitting.get(0)) && known && room >= SHORTEST_BAR
                ? line + " " + bar(now.entities(), now.total().getAsLong(), Math.min(LONGEST_BAR, room)) : line;
    }

    private static String bar(long entities, long total, int length) {
        int full = (int) (entities * length / total);
        return "[" + "=".repeat(full) + " ".repeat(length - full) + "]";
    }

    private static String classes(Map<Verdict, Long> found) {
        return found.isEmpty() ? "" : found
                .entrySet().stream().map(entry -> Words.compact(entry.getValue()) + " " + entry.getKey().label())
                .collect(Collectors.joining(", ", "; ", ""));
    }

    private static Map<String, Object> fields(Progress.Status now) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("phase", now.phase().name().toLowerCase(Locale.ROOT));
        fields.put("n_entities", now.entities());
        now.total().ifPresent(total -> fields.put("n_entities_estimated", total));
        fields.put("entities_per_second", Math.round(now.perSecond()));
        now.secondsLeft().ifPresent(seconds -> fields.put("seconds_left", seconds));
        now.waitingFor().ifPresent(what -> fields.put("waiting_for", what));
        if (now.phase() == Progress.Phase.CHECK) {
            for (Verdict verdict : Verdict.values()) {
                boolean compared = verdict != Verdict.ALTERED || now.found().containsKey(verdict);
                if (verdict.isDifference() && compared) {
                    fields.put("n_" + verdict.name().toLowerCase(Locale.ROOT), now.found().getOrDefault(verdict, 0L));
                }
            }
        }
        return fields;
    }
}
