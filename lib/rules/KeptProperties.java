package syncdata.rules;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which properties of nodes and relationships belong to other services: they are never compared, and never removed.
 *
 * @param names     kept names
 * @param allOthers whether every name is kept that no projection gives
 * @param projected names that the projections give, which are never kept
 */
public record KeptProperties(Set<String> names, boolean allOthers, Set<String> projected) {
    public static final KeptProperties NONE = new KeptProperties(Set.of(), false, Set.of());

    /** Reads the lines of kept-properties.txt. */
    public static KeptProperties of(Collection<String> lines, Set<String> projected) {
        Set<String> names = new HashSet<>(lines);
        boolean allOthers = names.remove("*");
        return names.isEmpty() && !allOthers ? NONE : new KeptProperties(names, allOthers, projected);
    }

    /** Whether a property of this name is kept. */
    public boolean keeps(String name) {
        return (allOthers || names.contains(name)) && !projected.contains(name);
    }

    /** Only the kept ones of some properties. */
    public <V> Map<String, V> of(Map<String, V> properties) {
        return properties.keySet().stream().filter(this::keeps)
                .collect(Collectors.toMap(Function.identity(), properties::get));
    }
}
