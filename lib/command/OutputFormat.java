package syncdata.command;

/** The output of a script: text for people, or JSON, one object a line. */
public enum OutputFormat {
    TEXT, JSON
}
