package syncdata.check;

import java.io.Serializable;
import syncdata.rules.Comparison;
import syncdata.rules.Selection;
import syncdata.rules.Settling;

/**
 * What a check looks at, and what it takes for a difference.
 *
 * @param selection  the entities
 * @param comparison what of them is compared
 * @param settling   when a difference is believed
 * @param batchSize  entities read, or looked at again, at a time
 * @param withDiffs  whether it keeps what differs in each outdated, strange and altered entity
 */
public record CheckTerms(Selection selection, Comparison comparison, Settling settling, int batchSize,
        boolean withDiffs) implements Serializable {
}
