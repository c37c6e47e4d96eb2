/** Reports as one HTML page for a browser. */
package syncdata.page;
