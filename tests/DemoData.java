import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/** Threat intelligence that nobody ever saw: the same entities and relations for the same seed. */
final class DemoData {
    record Entity(UUID id, String type, String title, OffsetDateTime createdAt, OffsetDateTime lastUpdatedAt) {
    }

    record Relation(UUID id, Entity source, String key, Entity target, OffsetDateTime createdAt,
            OffsetDateTime lastUpdatedAt) {
    }

    private static final OffsetDateTime BEGINNING = OffsetDateTime.of(2023, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    private final Random random;
    private final Map<String, List<Entity>> entities = new LinkedHashMap<>();
    private final List<Relation> relations = new ArrayList<>();

    DemoData(long seed) {
        random = new Random(seed);
        make(24, "threat-actor", this::threatActor);
        make(60, "campaign", this::campaign);
        make(120, "ttp", () -> malware() + ", " + any("a loader", "a stealer", "a wiper", "a backdoor", "ransomware"));
        make(40, "exploit-target", () ->
                any("Unpatched mail server", "Old VPN gateway", "Shared printer", "Test system left online") + " of "
                + victim());
        make(150, "incident", () -> any("Intrusion at ", "Data theft at ", "Fraud attempt at ", "Outage at ")
                + victim());
        make(60, "course-of-action", () -> any("Block ", "Hunt for ", "Detect ") + malware()
                + any(" on clients", " at the proxy", " in mail"));
        make(300, "report", () -> "Week " + (1 + random.nextInt(52)) + ": "
                + any(threatActor(), campaign(), malware() + " is back"));
        make(2500, "indicator", () ->
                any(domain(), domain(), "https://" + domain() + "/login", address(), address(), "billing@" + domain(),
                        hash()));
        make(700, "eclecticiq-sighting", () -> "Seen at " + victim() + ": " + any(entities.get("indicator")).title());

        relate("threat-actor", "uses", "ttp", 3);
        relate("threat-actor", "targets", "exploit-target", 2);
        relate("campaign", "attributed-to", "threat-actor", 1);
        relate("campaign", "uses", "ttp", 3);
        relate("incident", "part-of", "campaign", 1);
        relate("course-of-action", "mitigates", "ttp", 2);
        relate("report", "describes", "campaign", 2);
        relate("indicator", "indicates", "ttp", 1);
        relate("eclecticiq-sighting", "sighting-of", "indicator", 1);
    }

    /** All entities but the relations. */
    List<Entity> entities() {
        return entities.values().stream().flatMap(List::stream).toList();
    }

    List<Relation> relations() {
        return relations;
    }

    private void make(int count, String type, Supplier<String> title) {
        List<Entity> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            OffsetDateTime createdAt = later(BEGINNING);
            made.add(new Entity(id(), type, title.get(), createdAt, later(createdAt)));
        }
        entities.put(type, made);
    }

    /** Ties each entity of one type to some entities of another. */
    private void relate(String source, String key, String target, int count) {
        for (Entity from : entities.get(source)) {
            for (int i = 0; i < count; i++) {
                OffsetDateTime createdAt = later(from.createdAt());
                relations.add(new Relation(id(), from, key, any(entities.get(target)), createdAt, later(createdAt)));
            }
        }
    }

    private String threatActor() {
        return any("Tin", "Paper", "Amber", "Salt", "Quiet", "Narrow", "Borrowed", "Late")
                + " " + any("Cartographer", "Ferryman", "Falconer", "Locksmith", "Beekeeper", "Typesetter");
    }

    private String campaign() {
        return "Operation " + any("Long", "Second", "Grey", "Broken", "Silent", "Crooked") + " "
                + any("Harvest", "Ledger", "Lantern", "Orchard", "Tide");
    }

    private String malware() {
        return any("Ash", "Brindle", "Cobble", "Dun", "Ember", "Fennel", "Grist", "Hollow", "Ink", "Juniper", "Kelp",
                "Lichen")
                + any("quill", "latch", "loom", "bolt", "reed", "thorn", "spindle", "wick");
    }

    private String victim() {
        return "Example " + any("Bank", "Hospital", "Energy", "Rail", "University", "Port");
    }

    /** In a domain that RFC 2606 keeps for examples. */
    private String domain() {
        return any("cdn", "login", "mail", "update", "files", "portal") + "-"
                + Integer.toString(random.nextInt(1 << 20), 36)
                + any(".example.com", ".example.net", ".example.org");
    }

    /** In a network that RFC 5737 or RFC 3849 keeps for documentation. */
    private String address() {
        return any("192.0.2." + random.nextInt(256), "198.51.100." + random.nextInt(256),
                "203.0.113." + random.nextInt(256),
                "2001:db8::" + Integer.toHexString(random.nextInt(1 << 16)));
    }

    /** As long as a SHA-256. */
    private String hash() {
        return String.format(Locale.ROOT, "%016x%016x%016x%016x", random.nextLong(), random.nextLong(),
                random.nextLong(), random.nextLong());
    }

    /** A random UUID as RFC 9562 lays one out, version 4. */
    private UUID id() {
        return new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | Long.MIN_VALUE);
    }

    /** Up to a year later, with PostgreSQL's microseconds. */
    private OffsetDateTime later(OffsetDateTime time) {
        return time.plus((long) (random.nextDouble() * 365 * 24 * 3_600_000_000L), ChronoUnit.MICROS);
    }

    private String any(String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
