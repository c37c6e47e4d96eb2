package syncdata.command;

/** How a script prints what it found: text for people, or JSON, one object a line. */
public enum OutputFormat {
    TEXT, JSON
}
