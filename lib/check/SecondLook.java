package syncdata.check;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import syncdata.rules.Difference;
import syncdata.rules.Settling.Decision.LookAgain;
import syncdata.rules.Verdict;
import syncdata.run.Progress;
import syncdata.store.SourceStore;

/** Takes the decisions of a second look: what is believed becomes a finding, the rest waits. */
final class SecondLook implements Judge.Decided {
    private final SourceStore source;
    private final boolean withDiffs;
    private final Findings findings;
    private final Waiting waiting;
    private final Progress progress;

    SecondLook(SourceStore source, boolean withDiffs, Findings findings, Waiting waiting, Progress progress) {
        this.source = source;
        this.withDiffs = withDiffs;
        this.findings = findings;
        this.waiting = waiting;
        this.progress = progress;
    }

    @Override
    public void believe(List<Difference> differences) {
        findings.add(differences);
        Map<Verdict, Long> found = new EnumMap<>(Verdict.class);
        differences.forEach(difference -> found.merge(difference.verdict(), 1L, Long::sum));
        progress.found(found);
        if (withDiffs) {
            findings.addDiffs(differences, source);
        }
    }

    @Override
    public void putOff(Difference difference, LookAgain again) {
        waiting.add(difference.id(), again);
    }

    @Override
    public void leave(UUID id) {
        throw new IllegalStateException(id + " can still be looked at again");
    }
}
