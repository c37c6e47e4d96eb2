package syncdata.repair;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way of a relationship that belongs to no entity through a repair.
 *
 * @param from as it was before
 * @param to   as it is now; empty where it is gone
 */
record Route(Copy.Relationship from, Optional<Copy.Relationship> to) {

    /** The routes of relationships that differ by nothing but their ends, from their journal entries in order. */
    static List<Route> of(List<JournalLine.Entry> entries) {
        List<Route> routes = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (JournalLine.Entry entry : entries) {
            Copy.Relationship before = before(entry.change());
            Optional<Copy.Relationship> after = entry.change() instanceof Change.Moved moved
                    ? Optional.of(moved.after()) : Optional.empty();
            // the line before was not committed
            if (!before.element().isEmpty() && !known.add(before.element())) {
                routes.replaceAll(route -> route.from().element().equals(before.element())
                        ? new Route(route.from(), after) : route);
                continue;
            }
            Optional<Route> earlier = routes.stream()
                    .filter(route -> route.to().filter(to -> sameEnds(to, before)).isPresent()).findFirst();
            earlier.ifPresent(routes::remove);
            routes.add(new Route(earlier.map(Route::from).orElse(before), after));
        }
        return routes;
    }

    private static Copy.Relationship before(Change change) {
        return change instanceof Change.Moved moved
                ? moved.before() : (Copy.Relationship) ((Change.Deleted) change).before();
    }

    private static boolean sameEnds(Copy.Relationship one, Copy.Relationship other) {
        return one.from().equals(other.from()) && one.to().equals(other.to());
    }
}
