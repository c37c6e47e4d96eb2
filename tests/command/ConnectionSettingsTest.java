package syncdata.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;
import syncdata.run.InputException;

@DisplayName("Connection settings mean what psql and cypher-shell make of them")
class ConnectionSettingsTest {
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    private Path home;

    @BeforeEach
    void user() {
        environment.putAll(Map.of("HOME", home.toString(), "PGUSER", "reader"));
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -                | -           | //localhost:5432/
            db.internal      | 5433        | //db.internal:5433/
            one,two          | 5433        | //one:5433,two:5433/
            one,two          | 5433,5434   | //one:5433,two:5434/
            one,,two         | 1,,3        | //one:1,localhost:5432,two:3/
            ::1              | -           | //[::1]:5432/
            """)
    @DisplayName("PGHOST and PGPORT")
    void hosts(String host, String port, String expected) {
        put("PGHOST", host);
        put("PGPORT", port);
        assertEquals("jdbc:postgresql:" + expected + "reader", postgres().url());
    }

    @ParameterizedTest(name = "{0}={1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            PGHOST        | /var/run/postgresql | names a socket
            PGHOST        | one,@abstract       | names a socket
            PGHOST        | db/secret           | no host name
            PGPORT        | 543x                | no port number
            PGPORT        | 99999               | no port number
            PGPORT        | 1,2                 | 2 ports for 1 hosts
            PGSSLMODE     | prefered            | set it to one of disable, allow, prefer, require, verify-ca, verify-full
            PGSSLROOTCERT | /nowhere/ca.crt     | cannot be read
            PGSERVICE     | other               | names a service that is not in
            """)
    @DisplayName("what cannot be used is said in a word, and what to do")
    void refused(String name, String value, String expected) {
        environment.put(name, value);
        String message = assertThrows(InputException.class, () -> {
            PostgresSettings postgres = postgres();
            postgres.url();
            postgres.properties();
        }).getMessage();
        assertTrue(message.startsWith(name) && message.contains(expected), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k+v", "a/b", "a?b&c=d", "a%20b", "Straße", "a b", "a\"b'c;d", "#1"})
    @DisplayName("any name of a database reaches the driver as it is")
    void databases(String name) {
        environment.put("PGDATABASE", name);
        assertEquals(name, Driver.parseURL(postgres().url(), new Properties()).getProperty("PGDBNAME"));
    }

    @Test
    @DisplayName("a service goes before the environment, which goes before the properties file")
    void precedence() throws IOException {
        write(".pg_service.conf",
                "# ours\n[other]\nhost=other\n\n[platform]\nhost = db.internal\ndbname=pl at "
                + "form\nkrbsrvname=x\n[more]\nport=9");
        write(".sync-data.properties", "PGSERVICE=platform\nPGPORT=5433\nPGDATABASE=nothing\nPGUSER=nobody");
        environment.put("PGHOST", "elsewhere");
        Settings settings = new Settings(environment);
        assertEquals("jdbc:postgresql://db.internal:5433/pl+at+form", new PostgresSettings(settings).url());
        assertEquals(Optional.of("reader"), settings.get("PGUSER"));
        assertEquals(List.of("krbsrvname in " + home.resolve(".pg_service.conf")), settings.notUnderstood());
    }

    @Test
    @DisplayName("a service may stand in a file of its own, or of the host")
    void serviceFiles() throws IOException {
        environment.putAll(Map.of("PGSERVICE", "platform", "PGSYSCONFDIR", home.toString(), "PGSERVICEFILE",
                home.resolve("mine").toString()));
        write("pg_service.conf", "[platform]\nhost=of.the.host");
        assertEquals(Optional.of("of.the.host"), new Settings(environment).get("PGHOST"));
        write("mine", "[platform]\nhost=mine");
        assertEquals(Optional.of("mine"), new Settings(environment).get("PGHOST"));
    }

    @Test
    @DisplayName("a value of the properties file is what stands there, backslashes too, without the blanks around it")
    void propertiesFile() throws IOException {
        write(".sync-data.properties",
                "\uFEFF# ours\n\nPGPASSWORD = pa\\ss\\\\w=o:r#d!ä  \t\n NEO4J_PASSWORD=\\u0041\r\nPGHOTS=db\n");
        Settings settings = new Settings(environment);
        assertEquals(Optional.of("pa\\ss\\\\w=o:r#d!ä"), settings.get("PGPASSWORD"));
        assertEquals(Optional.of("\\u0041"), settings.get("NEO4J_PASSWORD"));
        assertEquals(List.of("PGHOTS in " + home.resolve(".sync-data.properties")), settings.notUnderstood());
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "=secret", "PGHOST=a\nsecret"})
    @DisplayName("a line of the properties file that is no setting is an error that does not tell it")
    void noSetting(String text) throws IOException {
        write(".sync-data.properties", text);
        assertFalse(assertThrows(InputException.class, () -> new Settings(environment)).getMessage()
                .contains("secret"));
    }

    @Test
    @DisplayName("a variable that is not understood is named; those of the server, and of no effect here, are not")
    void notUnderstood() {
        environment.putAll(Map.of("PGGSSENCMODE", "disable", "PGAPPNAME", "x", "PGCLIENTENCODING", "latin1", "PGDATA",
                "/data", "PG_MAJOR", "17",
                "NEO4J_ADDRESS", "bolt://x", "NEO4J_HOME", "/neo4j", "PGSSLMODE", "prefer", "PGOPTIONS",
                "-c search_path=a\\ b,c -c geqo=off --work_mem=1MB"));
        Settings settings = new Settings(environment);
        PostgresSettings postgres = new PostgresSettings(settings);
        assertEquals("a b,c", postgres.properties().getProperty("currentSchema"));
        assertEquals(List.of("NEO4J_ADDRESS", "PGAPPNAME", "PGGSSENCMODE"), settings.notUnderstood());
        assertEquals(List.of("geqo in PGOPTIONS", "work_mem in PGOPTIONS"), postgres.notUnderstood());
    }

    @Test
    @DisplayName(
            "certificates are those that are named, else those in the home folder, and are verified where psql would")
    void certificates() throws IOException {
        Files.createDirectory(home.resolve(".postgresql"));
        environment.put("PGSSLMODE", "require");
        assertEquals("require", postgres().properties().getProperty("sslmode"));
        write(".postgresql/root.crt", "");
        write("mine.crt", "");
        environment.put("PGSSLCERT", home.resolve("mine.crt").toString());
        Properties properties = postgres().properties();
        assertEquals("verify-ca", properties.getProperty("sslmode"));
        assertEquals(home.resolve(".postgresql/root.crt").toString(), properties.getProperty("sslrootcert"));
        assertEquals(home.resolve("mine.crt").toString(), properties.getProperty("sslcert"));
        environment.put("PGSSLROOTCERT", "system");
        assertEquals("verify-full", postgres().properties().getProperty("sslmode"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"neo4j://db", "bolt+ssc://[::1]:7687", "neo4j://db:7687/",
            "neo4j+s://db:7687?policy=europe"})
    @DisplayName("an address of Neo4j is taken as it is")
    void neo4j(String address) {
        assertEquals(address, Neo4jAddress.valid(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"db:7687", "http://db/secret", "bolt://db?token=secret", "neo4j://secret^:7687",
            "neo4j://me:secret@db", "neo4j://db:7687#secret",
        "neo4j://db?secret", "neo4j://sec_ret", "bolt://secret:99999", "neo4j:secret", "neo4j://db/secret",
        "neo4j:// secret"})
    @DisplayName("what is no address of Neo4j is an error that does not tell it")
    void notNeo4j(String address) {
        String message = assertThrows(InputException.class, () -> Neo4jAddress.valid(address)).getMessage();
        assertTrue(message.startsWith("NEO4J_URI or --neo4j-uri ") && !message.contains("sec"), message);
    }

    private PostgresSettings postgres() {
        return new PostgresSettings(new Settings(environment));
    }

    private void put(String name, String value) {
        if (value != null) {
            environment.put(name, value);
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(home.resolve(name), text);
    }
}
