package syncdata.store;

import java.util.Map;
import java.util.UUID;

/**
 * What a database holds of some ids, with sizes.
 *
 * @param held  an id that it does not hold has no entry
 * @param large about how many bytes those have that have many
 */
record Sized<S>(Map<UUID, S> held, Map<UUID, Long> large) {
}
