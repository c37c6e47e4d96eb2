package syncdata.check;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.neo4j.driver.AccessMode;
import syncdata.rules.IdRange;
import syncdata.run.ExitCode;
import syncdata.run.Words;
import syncdata.store.ConnectionSettings;
import syncdata.store.GraphStore;
import syncdata.store.GraphSurvey;
import syncdata.store.PageReader;
import syncdata.store.PageSize;
import syncdata.store.Queries;
import syncdata.store.ReadingOrder;
import syncdata.store.SourceStore;

/**
 * Examines both databases before a first run, by aggregates and bounded samples, whatever their size. Makes missing
 * indexes where asked, and changes nothing else.
 */
public final class Doctor {
    private static final int PAGE = 1000;
    private static final int PAGES = 5;

    private final ConnectionSettings settings;
    private final Queries queries;
    private final Diagnosis told;

    /** @param findings takes each as it is found */
    public Doctor(ConnectionSettings settings, Queries queries, Consumer<Finding> findings) {
        this.settings = settings;
        this.queries = queries;
        this.told = new Diagnosis(findings);
    }

    /**
     * Examines both.
     *
     * @param createIndexes whether indexes that are missing in Neo4j are made; PostgreSQL is never written to
     * @return in sync where there is no problem, unreachable where one of them is, else differences left
     */
    public ExitCode examine(boolean createIndexes) {
        Optional<SourceStore> source = told.attempt("PostgreSQL", () -> SourceStore.connect(settings, queries));
        boolean sourceWorks = source.isPresent() && told.worked("PostgreSQL",
                () -> new SourceExamination(source.get(), queries, told).examine());
        Optional<GraphStore> graph = told.attempt("Neo4j",
                () -> GraphStore.connect(settings, queries, AccessMode.READ));
        boolean graphWorks = graph.isPresent() && told.worked("Neo4j",
                () -> new GraphExamination(graph.get(), queries, told).examine(createIndexes));
        if (sourceWorks && graphWorks) {
            told.worked("Sample", () -> new SampleExamination(source.get(), graph.get(), told).examine());
            told.worked("Duration", () -> estimate(source.get(), graph.get()));
        }
        source.ifPresent(SourceStore::close);
        graph.ifPresent(GraphStore::close);
        return told.exitCode();
    }

    private void estimate(SourceStore source, GraphStore graph) {
        GraphSurvey.Counts counts = graph.survey().counts();
        long entities = Math.max(source.survey().estimate(), counts.entities());
        double seconds = Math.max(seconds(source.readingOrder().order() == ReadingOrder.BLOCKS
                        ? source.sample(PAGE) : source.pages(pageSize(), Set.of(), IdRange.ALL), entities),
                Math.max(seconds(graph.nodes(pageSize(), IdRange.ALL), counts.nodes()),
                        seconds(graph.relationships(pageSize(), IdRange.ALL), counts.relationships())));
        told.ok("Duration", "a check of about " + Words.count(entities) + " entities takes about "
                + Words.duration(Duration.ofSeconds(Math.max(1, Math.round(seconds))))
                + ", by the first pages of each (" + Words.count(PAGES * PAGE)
                + " entities), plus a look at each that differs");
    }

    private static PageSize pageSize() {
        return new PageSize(PAGE, Duration.ofSeconds(1));
    }

    private static double seconds(PageReader pages, long total) {
        pages.next(); // plans the query
        long read = 0;
        long started = System.nanoTime();
        for (int i = 1; i < PAGES; i++) {
            PageReader.Answer answer = pages.next();
            if (answer instanceof PageReader.End) {
                break;
            }
            read += answer instanceof PageReader.Page page ? page.unpacked().size() : 0;
        }
        return read == 0 ? 0 : (System.nanoTime() - started) / 1e9 * total / read;
    }
}
