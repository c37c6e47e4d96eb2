package syncdata.run;

import java.util.concurrent.ThreadFactory;

/** Threads that do not keep the process from ending. */
public final class Background {
    private Background() {
    }

    /** Makes such threads, all of this name. */
    public static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
