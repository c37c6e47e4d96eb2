/** Writes Neo4j under compare-and-set, keeps a journal, and undoes what a journal holds. */
package syncdata.repair;
