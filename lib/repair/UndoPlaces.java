package syncdata.repair;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import syncdata.repair.UndoEnds.Place;
import syncdata.store.GraphTransaction;

/** The relationships that stand now where others are to be put back. */
final class UndoPlaces {
    private final UndoEnds ends;
    private final Map<Place, List<Copy.Relationship>> standing = new HashMap<>();

    private UndoPlaces(UndoEnds ends) {
        this.ends = ends;
    }

    /** Looks at the places of some relationships. */
    static UndoPlaces find(UndoGraph graph, GraphTransaction transaction, UndoEnds ends, Stream<Copy> relationships) {
        UndoPlaces found = new UndoPlaces(ends);
        List<Place> places = relationships.flatMap(copy -> ends.place((Copy.Relationship) copy).stream()).distinct()
                .toList();
        if (places.isEmpty()) {
            return found;
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Place place : places) {
            rows.add(Map.of("number", rows.size(), "source", graph.element(place.from()),
                    "target", graph.element(place.to()), "type", place.type()));
        }
        for (Value row : transaction.single("relationships-between.cypher", Map.of("rows", rows)).get("found")
                .values()) {
            found.standing.computeIfAbsent(places.get(row.get("number").asInt()), place -> new ArrayList<>())
                    .add(Copy.Relationship.of(row.get("relationship").asRelationship(), Values.NULL, Values.NULL));
        }
        return found;
    }

    /** Whether one like each of these stands in its place. */
    boolean holdAll(List<Copy> relationships) {
        return relationships.stream().allMatch(copy -> like((Copy.Relationship) copy).isPresent());
    }

    /** One that stands in this one's place and is like it; it is not found again. */
    Optional<Copy.Relationship> take(Copy.Relationship wanted) {
        Optional<Copy.Relationship> found = like(wanted);
        found.ifPresent(standingAt(wanted)::remove);
        return found;
    }

    private Optional<Copy.Relationship> like(Copy.Relationship wanted) {
        return standingAt(wanted).stream().filter(other -> other.properties().equals(wanted.properties())).findFirst();
    }

    private List<Copy.Relationship> standingAt(Copy.Relationship wanted) {
        return ends.place(wanted).map(place -> standing.getOrDefault(place, List.of())).orElse(List.of());
    }
}
