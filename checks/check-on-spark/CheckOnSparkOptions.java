import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import syncdata.command.CheckRun;
import syncdata.command.ConnectedCommand;
import syncdata.run.ExitCode;

/** The options of check-on-spark, for who lists them and has no Spark. */
@Command(name = "check-on-spark", description = {
        "The same check as check, its ranges of ids as the tasks of a Spark job: in this process, or on a cluster.",
        "docs/spark.md says when that is worth it, and how to submit it to a cluster. Changes nothing."},
        footerHeading = "%nExamples:%n", footer = {
            "  check-on-spark --check-results-file report.json --parallel 4",
            "  check-on-spark --check-results-file report.json --parallel 8 --master spark://spark.internal:7077"})
class CheckOnSparkOptions extends ConnectedCommand {
    @Mixin
    CheckRun check;

    @Option(names = "--master", paramLabel = "URL", order = 16,
            description =
            "Where Spark runs: local[*] is this process, spark://HOST:PORT a cluster. --parallel is how many tasks "
            + "there are at a time, on all hosts together. Default: what spark-submit says, else local[*].")
    private String master;

    @Option(names = "--conf", paramLabel = "NAME=VALUE", order = 17,
            description = "A setting of Spark, such as spark.executor.memory=2g; no secrets, since Spark shows them.")
    private final Map<String, String> sparkSettings = new LinkedHashMap<>();

    /** Where Spark is to run, if that is said here. */
    Optional<String> master() {
        return Optional.ofNullable(master);
    }

    /** Settings of Spark. */
    Map<String, String> sparkSettings() {
        return sparkSettings;
    }

    @Override
    protected ExitCode run() {
        throw new IllegalStateException("Spark is not here: start checks/check-on-spark/check-on-spark.java");
    }
}
