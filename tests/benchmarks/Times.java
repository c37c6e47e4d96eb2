import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How many seconds the runs of one rival took, in ascending order. */
record Times(List<Double> seconds) {

    /**
     * Times rivals in turn, A B C A B C, so that a noisy machine hits all alike; the first turn warms up and is not
     * counted.
     */
    static Map<String, Times> interleaved(int runs, List<Rival> rivals) throws Exception {
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        for (int run = 0; run <= runs; run++) {
            for (Rival rival : rivals) {
                rival.before().run();
                double taken = time(rival.work());
                rival.after().run();
                Benchmark.say(String.format(Locale.ROOT, "%-8s %-12s %8.3f s", rival.name(),
                        run == 0 ? "warm-up" : "run " + run + "/" + runs, taken));
                if (run > 0) {
                    seconds.computeIfAbsent(rival.name(), name -> new ArrayList<>()).add(taken);
                }
            }
        }
        Map<String, Times> times = new LinkedHashMap<>();
        seconds.forEach((name, list) -> times.put(name, new Times(list)));
        return times;
    }

    Times {
        seconds = seconds.stream().sorted().toList();
    }

    double median() {
        int middle = seconds.size() / 2;
        return seconds.size() % 2 == 1 ? seconds.get(middle) : (seconds.get(middle - 1) + seconds.get(middle)) / 2;
    }

    double lowest() {
        return seconds.get(0);
    }

    double highest() {
        return seconds.get(seconds.size() - 1);
    }

    Times times(double factor) {
        return new Times(seconds.stream().map(taken -> taken * factor).toList());
    }

    private static double time(Rival.Step work) throws Exception {
        long started = System.nanoTime();
        work.run();
        return (System.nanoTime() - started) / 1e9;
    }
}
