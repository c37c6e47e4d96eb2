/** A report as a value and as a file: collected, written, read and compared. */
package syncdata.report;
