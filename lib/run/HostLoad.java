package syncdata.run;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.DoubleSupplier;

/** How busy the processors of this host are, or of its container: the share of their time, from 0 to 1. */
public final class HostLoad implements DoubleSupplier {
    private final OperatingSystemMXBean system =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** Begins to watch. */
    public HostLoad() {
        system.getCpuLoad(); // what it says is of the time since it was asked last
    }

    /** Since it was asked last; 1 where Java cannot tell. */
    @Override
    public double getAsDouble() {
        double load = system.getCpuLoad();
        return load < 0 ? 1 : load;
    }
}
