package syncdata.command;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import syncdata.run.InputException;
import syncdata.store.Queries;

/** The types of entities that the query files know. */
public final class EntityTypes {
    private EntityTypes() {
    }

    /**
     * The types that an operator gave with {@code --entity-types}.
     *
     * @return the types; all where empty
     * @throws InputException if one is unknown
     */
    public static Set<String> of(List<String> given, Queries queries) {
        List<String> known = queries.lines("entity-types.txt");
        Set<String> types = new LinkedHashSet<>(given);
        for (String type : types) {
            if (!known.contains(type)) {
                throw new InputException("--entity-types has an unknown type \"" + type + "\": did you mean "
                        + Suggestion.nearest(type, known)
                        + "? Allowed are " + String.join(", ", known));
            }
        }
        return types;
    }
}
