/** What the scripts are made of: options, the terminal, the conclusion and the metrics. */
package syncdata.command;
