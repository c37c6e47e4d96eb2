import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import syncdata.check.Check;
import syncdata.command.CheckRun.Job;
import syncdata.command.PaceOptions;
import syncdata.run.Ending;
import syncdata.run.EndingException;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.Words;
import syncdata.store.ConnectionSettings;
import syncdata.store.Databases;
import syncdata.store.Queries;

/** The same check as check, on Spark; spark-submit asks for a class that is public. */
@Command(name = "check-on-spark")
public class CheckOnSpark extends CheckOnSparkOptions {
    private static final String DRIVER_HOST = "spark.driver.host";
    private static final String BIND_ADDRESS = "spark.driver.bindAddress";
    private static final String STANDALONE = "spark://";
    private static final Duration ANSWERS = Duration.ofSeconds(5);

    private ConnectionSettings connection;
    private Events events;

    public static void main(String[] arguments) {
        Configurator.setRootLevel(Level.OFF);
        execute(new CheckOnSpark(), arguments);
    }

    @Override
    protected ExitCode run() {
        if (isVerbose()) {
            Configurator.reconfigure(URI.create(SparkConf.class.getResource("log4j2-defaults.properties").toString()));
        }
        Queries queries = queries();
        return check.run(new Job.Check(invocation()), queries, this::open, (check, databases, pace, atATime) ->
                onSpark(check, databases, queries, pace, atATime));
    }

    private Databases open(Queries queries, AccessMode access, PaceOptions pace, Events said) {
        events = said;
        connection = settings(said);
        return pace.open(connection, queries, access, said);
    }

    private Check onSpark(Check check, Databases databases, Queries queries, PaceOptions pace, int atATime) {
        SparkConf conf = conf(atATime);
        ConnectionSettings.Secrets secrets =
                isPrivate(conf) ? connection.secrets() : ConnectionSettings.Secrets.NONE;
        TaskConnection tasks = new TaskConnection(connection.address(databases.source().url()), secrets, queries,
                pace.limits().dividedBy(atATime), pace.giveUpAfter(), TaskConnection.identities(databases));
        return check.elsewhere(atATime, new SparkRanges(conf, databases, tasks, events));
    }

    /** Spark's settings: what spark-submit or the options say, with no more tasks at a time than are wanted. */
    private SparkConf conf(int atATime) {
        SparkConf conf = new SparkConf().setAppName("check-on-spark");
        sparkSettings().forEach(conf::set);
        String where = master().orElse(conf.get("spark.master", "local[*]"));
        int cores = atATime * conf.getInt("spark.task.cpus", 1);
        conf.set("spark.dynamicAllocation.enabled", "false").set("spark.cores.max", String.valueOf(cores));
        // Answers come one by one.
        conf.set("spark.driver.maxResultSize", "0").set("spark.resultGetter.threads", "1");
        conf.setIfMissing("spark.ui.enabled", "false").setIfMissing("spark.ui.showConsoleProgress", "false");
        if (where.startsWith("local")) {
            return onThisHost(conf).setMaster("local[" + cores + "]");
        }
        if (where.startsWith(STANDALONE)) {
            requireMaster(where);
            if (masters(where).stream().allMatch(CheckOnSpark::isLoopback)) {
                onThisHost(conf);
            }
        } else { // Kubernetes and YARN know no spark.cores.max
            int each = Math.min(conf.getInt("spark.executor.cores", 1), cores);
            int executors = Math.min(conf.getInt("spark.executor.instances", cores), cores / each);
            conf.set("spark.executor.cores", String.valueOf(each));
            conf.set("spark.executor.instances", String.valueOf(executors));
        }
        if (!conf.contains("spark.jars")) { // spark-submit has named them
            conf.setJars(jars());
        }
        return conf.setMaster(where);
    }

    /** Spark itself would try for a minute, and say nothing of it. */
    private static void requireMaster(String url) {
        for (String address : masters(url)) {
            try (Socket socket = new Socket()) {
                URI master = URI.create("spark://" + address);
                socket.connect(new InetSocketAddress(master.getHost(), master.getPort()), (int) ANSWERS.toMillis());
                return;
            } catch (IOException | IllegalArgumentException e) {
                continue; // another may answer
            }
        }
        throw new EndingException(new Ending(ExitCode.UNREACHABLE, "Spark cannot be reached: no master answers at "
                + Words.visible(url) + "; check --master, which is such as spark://HOST:7077"));
    }

    private static List<String> masters(String url) {
        return List.of(url.substring(STANDALONE.length()).split(","));
    }

    private static SparkConf onThisHost(SparkConf conf) {
        return conf.contains(DRIVER_HOST) ? conf
                : conf.set(DRIVER_HOST, "127.0.0.1").setIfMissing(BIND_ADDRESS, "127.0.0.1");
    }

    /** Whether nobody else hears what Spark sends: it knows its executors and encrypts, or all stays on this host. */
    private static boolean isPrivate(SparkConf conf) {
        boolean encrypts = conf.getBoolean("spark.network.crypto.enabled", false)
                || conf.getBoolean("spark.ssl.rpc.enabled", false);
        String host = conf.get(DRIVER_HOST, "");
        return encrypts && conf.getBoolean("spark.authenticate", false)
                || !host.isEmpty() && isLoopback(host) && isLoopback(conf.get(BIND_ADDRESS, host));
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host.replaceFirst(":\\d+$", "")).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // Spark will say so
        }
    }

    /**
     * The jars that a cluster has not got: the script's own, and those of the library but for its log. Of what Spark
     * has too, hosts load Spark's own.
     */
    private static String[] jars() {
        List<String> all = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
        return Stream.concat(Stream.of(all.get(0)), all.stream().dropWhile(jar -> !name(jar).startsWith("picocli"))
                .filter(jar -> !name(jar).startsWith("slf4j"))).toArray(String[]::new);
    }

    private static String name(String jar) {
        return new File(jar).getName();
    }
}
