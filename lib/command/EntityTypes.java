package syncdata.command;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.text.similarity.LevenshteinDistance;
import syncdata.run.InputException;
import syncdata.store.Queries;

/** The types of entities that the query files know. */
public final class EntityTypes {
    private EntityTypes() {
    }

    /**
     * The types that an operator gave with {@code --entity-types}.
     *
     * @param given may be null
     * @return none for all
     * @throws InputException if one is not known
     */
    public static Set<String> of(List<String> given, Queries queries) {
        List<String> known = queries.lines("entity-types.txt");
        Set<String> types = given == null ? Set.of() : new LinkedHashSet<>(given);
        for (String type : types) {
            if (!known.contains(type)) {
                throw new InputException("--entity-types has an unknown type \"" + type + "\": did you mean " + nearest(type, known)
                        + "? Allowed are " + String.join(", ", known));
            }
        }
        return types;
    }

    private static String nearest(String type, List<String> known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return known.stream().min(Comparator.comparing(other -> distance.apply(type, other))).orElse("none");
    }
}
