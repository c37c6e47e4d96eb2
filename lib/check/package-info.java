/** Finds and explains differences; never writes to a database. */
package syncdata.check;
