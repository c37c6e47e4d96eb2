import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import syncdata.run.ExitCode;
import syncdata.store.Databases;

/** What was measured, as Markdown: a line on the machine, the times, and their ratios beside the targets. */
final class Summary {
    private final Databases databases;
    private final int entities;
    private final int runs;
    private final int repairs;
    private final int repairRuns;
    private final List<String> checkTimes = new ArrayList<>();
    private final List<String> repairTimes = new ArrayList<>();
    private final List<String> loads = new ArrayList<>();
    private final List<String> ratios = new ArrayList<>();

    Summary(Databases databases, int entities, int runs, int repairs, int repairRuns) {
        this.databases = databases;
        this.entities = entities;
        this.runs = runs;
        this.repairs = repairs;
        this.repairRuns = repairRuns;
    }

    void addCheck(String name, Times taken) {
        checkTimes.add(row(name, taken, entities));
    }

    void addRepair(String name, Times taken) {
        repairTimes.add(row(name, taken, repairs));
    }

    /** Adds a check that ran once as a process, to see how it ends. */
    void addProcess(String name, SyncDataProcess.Outcome outcome, ExitCode expected) {
        String end = outcome.exitCode() == expected.code()
                ? " as it should be" : " where it should be " + expected.code();
        addCheck(name + ": exit code " + outcome.exitCode() + end, new Times(List.of(outcome.seconds())));
    }

    /** Compares medians; the second is to be so many times as fast. */
    void addAtLeast(double target, String slowName, Times slow, String fastName, Times fast) {
        double ratio = slow.median() / fast.median();
        addRatio(slowName, fastName, ratio, "at least " + plain(target), ratio >= target);
    }

    /** Compares medians; the second is what the first comes down to at best. */
    void addAtMost(double target, String name, Times taken, String bestName, Times best) {
        double ratio = taken.median() / best.median();
        addRatio(name, bestName, ratio, "at most " + plain(target), ratio <= target);
    }

    /** Adds latencies of the platform's own work, in milliseconds. */
    void addLoad(String name, Map<PlatformLoad.Beside, Double> middle, Map<PlatformLoad.Beside, Double> high) {
        loads.add(row(name + ", p50", milliseconds(middle, PlatformLoad.Beside.NOTHING),
                milliseconds(middle, PlatformLoad.Beside.CHECK), milliseconds(middle, PlatformLoad.Beside.REPAIR)));
        loads.add(row(name + ", p95", milliseconds(high, PlatformLoad.Beside.NOTHING),
                milliseconds(high, PlatformLoad.Beside.CHECK), milliseconds(high, PlatformLoad.Beside.REPAIR)));
        for (PlatformLoad.Beside beside : List.of(PlatformLoad.Beside.CHECK, PlatformLoad.Beside.REPAIR)) {
            double ratio = high.get(beside) / high.get(PlatformLoad.Beside.NOTHING);
            ratios.add(row("p95 of " + name + ", beside a " + beside.name().toLowerCase(Locale.ROOT) + " / alone",
                    String.format(Locale.ROOT, "%.2f", ratio), "at most 1.3", ratio <= 1.3 ? "met" : "not met"));
        }
    }

    /** Adds how long a check, and a check and repair, took beside the platform's own work. */
    void addBeside(double check, double repair) {
        loads.add(row("the run itself, seconds", "", seconds(check), seconds(repair)));
    }

    void print(PrintStream out) throws IOException {
        out.println(machine());
        out.println("Each run with its rivals in turn, " + runs + " times for a check and " + repairRuns
                + " times for a repair, after one time that is not counted.");
        out.println();
        printTimes(out, "Check of " + number(entities) + " entities", checkTimes);
        printTimes(out, "Repair of " + number(repairs) + " missing entities", repairTimes);
        if (!loads.isEmpty()) {
            out.println("| The platform's own work, milliseconds | alone | beside checks | beside repairs |");
            out.println("|---|--:|--:|--:|");
            loads.forEach(out::println);
            out.println();
        }
        out.println("| Medians compared | ratio | target | |");
        out.println("|---|--:|--:|---|");
        ratios.forEach(out::println);
        out.flush();
    }

    private static void printTimes(PrintStream out, String title, List<String> rows) {
        out.println("| " + title + " | seconds, median | lowest – highest | entities a second |");
        out.println("|---|--:|--:|--:|");
        rows.forEach(out::println);
        out.println();
    }

    private void addRatio(String name, String otherName, double ratio, String target, boolean met) {
        ratios.add(row("time of " + name + " / time of " + otherName, String.format(Locale.ROOT, "%.2f", ratio), target,
                met ? "met" : "not met"));
    }

    private static String row(String name, Times taken, int count) {
        String range = taken.seconds().size() == 1
                ? "once" : seconds(taken.lowest()) + " – " + seconds(taken.highest());
        return row(name, seconds(taken.median()), range, number(Math.round(count / taken.median())));
    }

    private String machine() throws IOException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return String.format(Locale.ROOT, "%d cores, %d GiB of memory, %sJava %s, PostgreSQL %s, Neo4j %s.",
                system.getAvailableProcessors(), Math.round(system.getTotalMemorySize() / 1073741824.0), processor(),
                System.getProperty("java.version"), databases.source().identity().version(),
                databases.graph().identity().version());
    }

    /** The processor's name and a comma, where Linux tells. */
    private static String processor() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(file)) {
            return "";
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.replaceFirst("^.*?:\\s*", "") + ", ").orElse("");
        }
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String milliseconds(Map<PlatformLoad.Beside, Double> latencies, PlatformLoad.Beside beside) {
        return String.format(Locale.ROOT, "%.2f", latencies.get(beside));
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, seconds < 10 ? "%.2f" : "%.1f", seconds);
    }

    private static String plain(double target) {
        return BigDecimal.valueOf(target).stripTrailingZeros().toPlainString();
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
