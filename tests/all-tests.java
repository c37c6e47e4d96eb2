///usr/bin/env jbang "$0" "$@" ; exit $?
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1
//SOURCES ../lib/package-info.java
//SOURCES *Test.java
//SOURCES Browser.java
//SOURCES DriftedStores.java
//SOURCES FaultProxy.java
//SOURCES InventedReport.java
//SOURCES Platform.java
//SOURCES Script.java
//SOURCES TestDatabases.java
//SOURCES WholeJob.java
//DEPS org.junit:junit-bom:5.14.4@pom
//DEPS org.junit.jupiter:junit-jupiter
//DEPS org.junit.platform:junit-platform-launcher
//DEPS org.seleniumhq.selenium:selenium-chrome-driver:4.52.0
//DEPS org.testcontainers:testcontainers-neo4j:2.0.5
//DEPS org.testcontainers:testcontainers-postgresql:2.0.5
//MAIN syncdata.AllTests
package syncdata;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the tests: all, or those of the classes named as arguments. */
class AllTests {
    /** The {@link org.junit.jupiter.api.Order} of test classes that start no script; all others come later. */
    static final int WHILE_SCRIPTS_ARE_BUILT = 1;

    public static void main(String[] classes) {
        System.setProperty("java.util.logging.config.file", "none");
        String pattern = classes.length == 0 ? "Test" : "(" + String.join("|", classes) + ")";
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectPackage("syncdata"))
                .filters(includeClassNamePatterns(".*" + pattern))
                .configurationParameter("junit.jupiter.testclass.order.default", ClassOrderer.OrderAnnotation.class.getName())
                .build();
        if (classes.length == 0) {
            buildScripts();
        }
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary, new Progress());
        TestExecutionSummary result = summary.getSummary();
        result.printFailuresTo(new PrintWriter(System.out, true), 30);
        long failed = result.getTotalFailureCount();
        System.out.printf("%d passed, %d failed%s%n", result.getTestsSucceededCount(), failed,
                result.getTestsSkippedCount() > 0 ? ", " + result.getTestsSkippedCount() + " skipped" : "");
        System.exit(failed == 0 && result.getTestsSucceededCount() > 0 ? 0 : 1);
    }

    /** Has JBang build the scripts while the first tests run, each of which would otherwise wait for its own. */
    private static void buildScripts() {
        Thread builder = new Thread(() -> {
            try {
                Set<String> scripts = CatalogTest.scripts("", "checks");
                scripts.add("tests/demo.java");
                for (String script : scripts) {
                    new ProcessBuilder(TestDatabases.PROJECT.resolve("jbang").toString(), "build", script).directory(TestDatabases.PROJECT.toFile())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor();
                }
            } catch (IOException | InterruptedException e) {
                System.out.println("The scripts were not built ahead: " + e);
            }
        }, "builder");
        builder.setDaemon(true);
        builder.start();
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
                System.out.println("skipped: " + test.getDisplayName() + ": " + result.getThrowable().map(Throwable::getMessage).orElse(""));
            } else if (result.getStatus() == Status.FAILED) {
                System.out.println("FAILED: " + test.getDisplayName());
            }
            Duration took = Duration.ofNanos(System.nanoTime() - started.get(test.getUniqueId()));
            if (isClass(test) || test.isTest() && took.compareTo(SLOW) > 0) {
                System.out.printf("%s%s: %.1f s%n", isClass(test) ? "" : "slow: ", test.getDisplayName(), took.toMillis() / 1000.0);
            }
        }

        private static boolean isClass(TestIdentifier test) {
            return test.isContainer() && test.getParentId().isPresent() && test.getUniqueIdObject().getLastSegment().getType().equals("class");
        }
    }
}
