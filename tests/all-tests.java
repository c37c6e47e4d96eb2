///usr/bin/env jbang "$0" "$@" ; exit $?
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1
//SOURCES ../lib/package-info.java
//SOURCES fixture/*.java
//SOURCES rules/*.java
//SOURCES run/*.java
//SOURCES report/*.java
//SOURCES page/*.java
//SOURCES store/*.java
//SOURCES check/*.java
//SOURCES repair/*.java
//SOURCES command/*.java
//SOURCES scripts/*.java
//DEPS org.junit:junit-bom:5.14.4@pom
//DEPS org.junit.jupiter:junit-jupiter
//DEPS org.junit.platform:junit-platform-launcher
//DEPS org.seleniumhq.selenium:selenium-chrome-driver:4.52.0
//DEPS org.testcontainers:testcontainers-neo4j:2.0.5
//DEPS org.testcontainers:testcontainers-postgresql:2.0.5
//MAIN syncdata.AllTests
package syncdata;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import syncdata.fixture.TestDatabases;
import syncdata.run.Progress;
import syncdata.scripts.CatalogTest;

/**
 * Runs the tests: all, or those of the classes named as arguments; two classes at a time, each on databases of its own.
 */
class AllTests {
    private static final int AT_A_TIME = 2;

    private final Queue<String> classes = new ConcurrentLinkedQueue<>();
    private final List<TestExecutionSummary> results = Collections.synchronizedList(new ArrayList<>());

    public static void main(String[] classes) throws InterruptedException {
        System.setProperty("java.util.logging.config.file", "none");
        boolean passed = false;
        try {
            passed = new AllTests().run(classes);
        } catch (ExecutionException e) {
            e.printStackTrace();
        }
        System.exit(passed ? 0 : 1);
    }

    /** Whether there were tests, and all passed. */
    private boolean run(String[] named) throws InterruptedException, ExecutionException {
        String pattern = named.length == 0 ? "Test" : "(" + String.join("|", named) + ")";
        TestPlan plan = LauncherFactory.create()
                .discover(request().selectors(selectPackage("syncdata"))
                        .filters(includeClassNamePatterns(".*" + pattern))
                .configurationParameter("junit.jupiter.testclass.order.default",
                        ClassOrderer.OrderAnnotation.class.getName()).build());
        plan.getRoots().stream().flatMap(engine -> plan.getChildren(engine).stream())
                .forEach(test -> classes.add(((ClassSource) test.getSource().orElseThrow()).getClassName()));
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        List<Future<?>> lanes = new ArrayList<>();
        for (int i = 0; i < Math.min(AT_A_TIME, classes.size()); i++) {
            boolean buildsFirst = named.length == 0 && i > 0;
            lanes.add(threads.submit(() -> runNext(buildsFirst)));
        }
        for (Future<?> lane : lanes) {
            lane.get(); // or all fails
        }
        PrintWriter output = new PrintWriter(System.out, true);
        results.forEach(result -> result.printFailuresTo(output, 30));
        long passed = sum(TestExecutionSummary::getTestsSucceededCount);
        long failed = sum(TestExecutionSummary::getTotalFailureCount);
        long skipped = sum(TestExecutionSummary::getTestsSkippedCount);
        output.printf("%d passed, %d failed%s%n", passed, failed, skipped > 0 ? ", " + skipped + " skipped" : "");
        return failed == 0 && passed > 0;
    }

    /** Runs the next class that nobody runs yet, until there is none. */
    private void runNext(boolean buildsFirst) {
        if (buildsFirst) {
            buildScripts();
        }
        Launcher launcher = LauncherFactory.create();
        for (String next = classes.poll(); next != null; next = classes.poll()) {
            SummaryGeneratingListener summary = new SummaryGeneratingListener();
            launcher.execute(request().selectors(selectClass(next)).build(), summary, new Progress());
            results.add(summary.getSummary());
        }
    }

    private static LauncherDiscoveryRequestBuilder request() {
        return LauncherDiscoveryRequestBuilder.request();
    }

    private long sum(ToLongFunction<TestExecutionSummary> count) {
        return results.stream().mapToLong(count).sum();
    }

    /** Has JBang build the scripts while the first tests run, each of which would otherwise wait for its own. */
    private static void buildScripts() {
        try {
            Set<String> scripts = CatalogTest.scripts("", "checks", "checks/check-on-spark");
            scripts.add("tests/demo.java");
            for (String script : scripts) {
                new ProcessBuilder(TestDatabases.PROJECT.resolve("jbang").toString(), "build", script)
                        .directory(TestDatabases.PROJECT.toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start().waitFor();
            }
        } catch (IOException | InterruptedException e) {
            System.out.println("The scripts were not built ahead: " + e);
        }
    }

    /** Says how long each test class took, and names what was slow, failed or was skipped. */
    private static final class Progress implements TestExecutionListener {
        private static final Duration SLOW = Duration.ofSeconds(10);

        private final Map<String, Long> started = new HashMap<>();

        @Override
        public void executionStarted(TestIdentifier test) {
            started.put(test.getUniqueId(), System.nanoTime());
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            System.out.println("skipped: " + test.getDisplayName() + ": " + reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == Status.ABORTED) {
                System.out.println("skipped: " + test.getDisplayName() + ": "
                        + result.getThrowable().map(Throwable::getMessage).orElse(""));
            } else if (result.getStatus() == Status.FAILED) {
                System.out.println("FAILED: " + test.getDisplayName() + ": "
                        + result.getThrowable().map(String::valueOf).orElse(""));
            }
            Duration took = Duration.ofNanos(System.nanoTime() - started.get(test.getUniqueId()));
            if (isClass(test) || test.isTest() && took.compareTo(SLOW) > 0) {
                System.out.printf("%s%s: %.1f s%n", isClass(test) ? "" : "slow: ", test.getDisplayName(),
                        took.toMillis() / 1000.0);
            }
        }

        private static boolean isClass(TestIdentifier test) {
            return test.isContainer() && test.getParentId().isPresent()
                    && test.getUniqueIdObject().getLastSegment().getType().equals("class");
        }
    }
}
