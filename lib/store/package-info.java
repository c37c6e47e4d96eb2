/** The two databases, and how politely they are asked. */
package syncdata.store;
