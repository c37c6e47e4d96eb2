package syncdata.page;

/**
 * One value of a table.
 *
 * @param name of its column, for screens too narrow for columns
 */
record Cell(String name, String value) {
}
