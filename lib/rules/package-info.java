/** What an entity is on each side, when two agree, and when a difference is believed: pure, with the JDK alone. */
package syncdata.rules;
