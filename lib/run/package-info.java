/** What every run needs: events, progress, a wish to stop, exit codes, words, and files that are written whole. */
package syncdata.run;
