package syncdata.command;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import syncdata.run.InputException;

/** The address of Neo4j. No error repeats it: it may hold a secret. */
final class Neo4jAddress {
    private static final Set<String> SCHEMES = Set.of("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc");
    private static final String NAME = "NEO4J_URI or --neo4j-uri";

    private Neo4jAddress() {
    }

    /**
     * Checks an address, and gives it back.
     *
     * @throws InputException if the driver cannot take it
     */
    static String valid(String address) {
        URI uri = parsed(address);
        if (String.valueOf(uri.getRawAuthority()).contains("@")) {
            throw new InputException(NAME + " holds a login: leave it out, and set NEO4J_USERNAME and NEO4J_PASSWORD");
        }
        if (!SCHEMES.contains(String.valueOf(uri.getScheme())) || uri.getHost() == null || uri.getPort() > 65535) {
            throw notAnAddress();
        }
        if (uri.getRawQuery() != null && uri.getScheme().startsWith("bolt")) {
            throw new InputException(NAME
                    + " has a query, behind a question mark, which only neo4j:// takes: leave it out");
        }
        if (uri.getRawQuery() != null && !uri.getRawQuery().matches("[^=&]+=[^=&]+(&[^=&]+=[^=&]+)*")
                || uri.getRawFragment() != null
                || !uri.getRawPath().matches("/?")) {
            throw new InputException(NAME
                    + " has more than a host and a port: leave that out; NEO4J_DATABASE names the database");
        }
        return address;
    }

    private static URI parsed(String address) {
        try {
            return new URI(address);
        } catch (URISyntaxException e) {
            throw notAnAddress();
        }
    }

    private static InputException notAnAddress() {
        return new InputException(NAME + " is no Neo4j address: write it as neo4j://host:port or bolt://host:port,"
                + " the host with letters, digits, dots and hyphens alone");
    }
}
