package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static syncdata.fixture.InventedReport.four;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import syncdata.fixture.Browser;
import syncdata.fixture.InventedReport;
import syncdata.fixture.Script;
import syncdata.page.RepairOutcome;
import syncdata.page.ReportPage;
import syncdata.report.Report;

/** The page of a report, as a browser shows it. */
class ReportPageTest {
    private static final String MARKUP =
            "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"> </title> ' & "
            + "{{title}}";

    private static Browser browser;
    private static Path pictures;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        pictures = Files.createTempDirectory("pages-");
        System.out.println("Pictures of the pages: " + pictures);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    @DisplayName("A page says the verdict and the oldest, and shows every difference")
    void saysTheVerdictAndTheOldestAndShowsEveryDifference() throws IOException {
        open("four", four());

        assertEquals("4 of 2,004 entities differ (0.20 %): 1 outdated, 1 strange, 1 missing and 1 not deleted.",
                text(".verdict"));
        assertEquals(List.of("the oldest", "the second", "the third"), texts(".oldest strong"));
        assertEquals(List.of("the oldest", "the second", "the third", "the youngest"), titles());
        assertEquals(List.of("1 day 2 hours", "", "", "ahead by 1 day"), column(4));
        assertEquals(List.of("Older in Neo4j", "Not in Neo4j", "Only in Neo4j", "Newer in Neo4j"), column(5));
        assertEquals("Showing 4 of 4 in this page.", text("#status"));
        assertEquals("The one that is outdated is 1 day to 7 days behind.", text("[aria-labelledby=behind] p"));
        assertEquals("The one that is missing was last changed on Sat 2 Mar 2024 00:00 UTC.",
                text("[aria-labelledby=missing] p"));
        assertEquals("rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("four.html"))));
        picture("four");
    }

    @Test
    void whatIsInSyncSaysSo() throws IOException {
        open("none", new InventedReport(1));
        assertEquals("In sync: all 2,000 entities checked have the same timestamps in Neo4j as in PostgreSQL.",
                text(".verdict"));
        assertEquals(List.of(), browser.all("figure, #rows"));
        picture("none");
    }

    @Test
    void everyValueStaysText() {
        InventedReport report = new InventedReport(1).withDiffs().saying(MARKUP, MARKUP)
                .saying("blast_radius", Map.of("relations_deleted_by_key", Map.of(MARKUP, 1), "best_connected",
                        List.of(Map.of("type", MARKUP, "entity_id", MARKUP))));
        report.outdated(MARKUP, MARKUP, "2024-03-01T00:00:00Z", "2024-02-01T00:00:00Z");
        report.missing(MARKUP, MARKUP, "2024-03-02T00:00:00Z");
        report.notDeleted(MARKUP, MARKUP, "2024-03-03T00:00:00Z");
        report.strange(MARKUP, MARKUP, "2024-03-04T00:00:00Z", "2024-03-05T00:00:00Z");
        open("'\"><b>", report);

        assertEquals(List.of(MARKUP, MARKUP, MARKUP, MARKUP), titles());
        assertEquals(List.of(MARKUP, MARKUP + ", as it was"), texts("#rows tr:first-child .properties td"));
        assertEquals(List.of(MARKUP), texts(".types tbody th"));
        assertEquals("4 differences – '\"><b>.json", browser.run("return document.title"));
        assertEquals(0L, browser.run("return document.querySelectorAll('img, b, script:not(:last-child)').length"));
        select("type", MARKUP);
        assertEquals(4, rows().size());
        browser.assertNoComplaints();
    }

    @Test
    @DisplayName("The page's policy forbids any other script, style and address")
    void thePolicyForbidsAnyOtherScriptStyleAndAddress() {
        open("policy", four());
        browser.run(
                "const script = document.createElement('script'); script.textContent = 'window.taken = 1'; "
                + "document.body.append(script);"
                + "const style = document.createElement('style'); style.textContent = 'h1 { display: none }'; "
                + "document.head.append(style);"
                + "document.body.insertAdjacentHTML('beforeend', '<p id=p style=\"position: fixed\" "
                + "onclick=\"window.taken = 1\">x</p><img src=\"file:///x.png\">')");
        browser.run("document.getElementById('p').click()");
        assertNull(browser.run("return window.taken"));
        assertTrue(browser.find("h1").isDisplayed());
        assertEquals("static", browser.find("#p").getCssValue("position"));
        assertThrows(AssertionError.class, () -> browser.assertNoComplaints());
    }

    @Test
    @DisplayName("The table is filtered and sorted with the keyboard")
    void theTableIsFilteredAndSortedWithTheKeyboard() {
        open("keyboard", four());
        browser.find("#search").sendKeys("OLDEST ttp");
        assertEquals(List.of("the oldest"), titles());
        assertEquals("Showing 1 of 1 that fit, of 4 in this page.", text("#status"));
        browser.find("#search").sendKeys("x");
        assertEquals("No difference in this page is like that.", text("#status"));
        browser.find("#search").sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        select("class", "missing");
        assertEquals(List.of("the second"), titles());
        select("class", "all");
        select("type", "incident");
        assertEquals(List.of("the youngest"), titles());
        select("type", "all");

        sort("behind");
        assertEquals(List.of("the oldest", "the youngest", "the second", "the third"), titles());
        assertEquals("descending", heading("behind").getAttribute("aria-sort"));
        sort("behind");
        assertEquals(List.of("the youngest", "the oldest", "the second", "the third"), titles());
        sort("changed");
        sort("changed");
        assertEquals(List.of("the youngest", "the third", "the second", "the oldest"), titles());
        assertEquals(1, browser.all("[aria-sort]").size());
        sort("title");
        assertEquals(List.of("the oldest", "the second", "the third", "the youngest"), titles());
        browser.assertNoComplaints();
    }

    @Test
    @DisplayName("A hundred thousand differences leave the page usable")
    void aHundredThousandDifferencesLeaveThePageUsable() throws IOException {
        InventedReport report = new InventedReport(1);
        Instant night = Instant.parse("2024-06-04T22:00:00Z");
        for (int i = 0; i < 100_000; i++) {
            String time = night.plusSeconds(i % 7000).toString();
            switch (i % 10) {
                case 0 -> report.missing("report", "missing " + i, night.minusSeconds(400L * i).toString());
                case 1, 2 -> report.outdated("ttp", "outdated " + i, time, night.minusSeconds(i).toString());
                case 3 -> report.notDeleted("incident", "gone " + i, time);
                default -> report.missing("indicator", "missing " + i, time);
            }
        }
        open("many", report);

        assertEquals(
                "This page shows 750 of 100,000 differences: of each class those last changed longest ago, the oldest "
                + "of all first. The report has the ids of all.",
                text("#differences + p"));
        assertTrue(text("[aria-labelledby=missing] p")
                .contains(
                        "were last changed within 1 hour 57 minutes, from Tue 4 Jun 2024 22:00 to Tue 4 Jun 2024 "
                        + "23:57 UTC."), text("[aria-labelledby=missing] p"));
        assertTrue(Files.size(folder.resolve("many.html")) < 1_500_000);
        assertEquals(100, rows().size());
        browser.find("#more").click();
        assertEquals(200, rows().size());
        assertEquals(browser.find("#rows tr:nth-child(101)"), browser.run("return document.activeElement"));
        long started = System.nanoTime();
        browser.find("#search").sendKeys("gone 7003");
        sort("title");
        assertTrue(System.nanoTime() - started < 5_000_000_000L);
        assertEquals(List.of("gone 7003", "gone 70033", "gone 77003"), titles());
        picture("many");
    }

    @Test
    @DisplayName("A report that has the seven fields alone says what it cannot show")
    void aReportThatHasTheSevenFieldsAloneSaysWhatItCannotShow() throws IOException {
        Path report = folder.resolve("seven.json");
        Files.writeString(report, """
                {"entity_ids_to_delete": ["ffffffff-0000-4000-8000-000000000001"],
                 "entity_ids_to_reindex": ["00000000-0000-4000-8000-000000000002"],
                 "n_missing": 1, "n_not_deleted": 1, "n_ok": 0, "n_outdated": 0, "n_strange": 0}""");

        Script script = Script.run(Map.of(), "checks/report-page.java", report.toString());

        assertEquals("", script.errors());
        assertEquals(0, script.exitCode());
        Path page = folder.resolve("seven.html");
        Files.writeString(page, script.output());
        browser.open(page);
        assertEquals("2 of 2 entities differ (100 %): 1 missing and 1 not deleted.", text(".verdict"));
        assertTrue(text("header").contains("The report does not sum up its differences"), text("header"));
        assertEquals(List.of("missing", "not deleted"), column(1));
        assertTrue(text(".provenance").contains("The report does not say which databases"), text(".provenance"));
        assertEquals(List.of(), browser.all("figure, .oldest"));

        Files.writeString(report, "{}");
        Script refused = Script.run(Map.of(), "checks/report-page.java", report.toString());
        assertEquals(2, refused.exitCode());
        assertEquals("", refused.output());
    }

    @Test
    @DisplayName("Several reports show drift over time and what became of each")
    void severalReportsShowDriftOverTimeAndWhatBecameOfEach() throws IOException {
        InventedReport monday = new InventedReport(1).saying("finished", "2024-06-03T02:00:00Z")
                .missing("ttp", "heals", "2024-03-01T00:00:00Z").missing("ttp", "flaps", "2024-03-01T00:00:00Z");
        InventedReport tuesday = new InventedReport(1).saying("finished", "2024-06-04T02:00:00Z")
                .missing("ttp", "heals", "2024-03-01T00:00:00Z");
        InventedReport friday = new InventedReport(1).saying("finished", "2024-06-07T02:00:00Z").skip()
                .missing("ttp", "flaps", "2024-03-01T00:00:00Z").missing("ttp", "appears", "2024-03-01T00:00:00Z");
        open("three", monday, tuesday, friday);

        assertEquals("Differences went from 2 in three-1.json to 2 in three-3.json.",
                text("[aria-labelledby=history] p"));
        assertEquals(List.of("appeared: 1", "healed: 1", "stays: 0", "flapping: 1"),
                texts("[aria-labelledby=history] h3"));
        assertEquals(4, browser.all(".panels figure").size());
        assertEquals(12, browser.all(".panels circle").size());
        assertEquals(List.of("three-1.json", "three-2.json", "three-3.json"),
                texts("[aria-labelledby=history] tbody th"));
        assertEquals(List.of("flaps", "appears"), titles());
        List<String> scales = texts(".panels figure:first-child svg.up text");
        assertEquals(List.of(scales, scales, scales, scales),
                IntStream.rangeClosed(1, 4).mapToObj(i -> texts(".panels figure:nth-child(" + i + ") svg.up text"))
                .toList());
        assertTrue(texts(".panels figure:first-child svg.plot text:not(.count)").get(0).matches("\\d+ Jun 2024"),
                "a date stands on the axis");
        picture("three");
        browser.look(390, 800, false);
        assertTrue(browser.all(".stacked td").stream()
                .allMatch(cell -> cell.getRect().getX() >= 0
                        && cell.getRect().getX() + cell.getRect().getWidth() <= 390),
                "no count is cut on a phone");
    }

    @ParameterizedTest
    @DisplayName("After a repair the page says what was done about what was found")
    @CsvSource(delimiter = '|', value = {
        "1 | 3 | 0 | 0 | good | Repaired: all 4 differences are gone: 1 deleted, 3 reindexed.                         "
                + " | Repaired – repaired.json",
        "1 | 2 | 1 | 0 | good | Repaired: all 4 differences are gone: 1 deleted, 2 reindexed, 1 needed nothing any "
        + "more. | Repaired – repaired.json",
        "1 | 2 | 0 | 1 | bad  | 1 of 4 differences is left: 1 deleted, 2 reindexed, 1 failed.                         "
        + "  | 1 difference – repaired.json"})
    void repaired(long deleted, long reindexed, long healed, long failed, String mood, String verdict, String title)
            throws IOException {
        Path page = folder.resolve("repaired.html");
        try (Report report = four().report(); ReportPage out = ReportPage.create(page)) {
            out.write(List.of(Path.of("repaired.json")), List.of(report),
                    Optional.of(new RepairOutcome(deleted, reindexed, healed, failed, failed, Optional.empty())));
        }
        browser.open(page);
        assertEquals(verdict, text(".verdict"));
        assertEquals("verdict " + mood, browser.find(".verdict").getAttribute("class"));
        assertEquals(title, browser.run("return document.title"));
        assertTrue(text(".remark").startsWith("The check found: 4 of 2,004 entities differ (0.20 %):"),
                text(".remark"));
        picture("repaired-" + mood);
    }

    @Test
    @DisplayName("Missing ones of months stand in about thirty columns, whose peaks alone are labelled")
    void columns() throws IOException {
        InventedReport report = new InventedReport(1);
        for (int i = 0; i < 900; i++) {
            report.missing("ttp", "missing " + i,
                    Instant.parse("2024-01-01T00:00:00Z").plusSeconds(i * 9_000L + (i * i % 7) * 3_600L).toString());
        }
        report.saying("blast_radius",
                Map.of("n_relations_deleted", 2, "exact", true, "relations_deleted_by_key", Map.of("uses", 2),
                        "best_connected",
                List.of(Map.of("entity_id", "40000000-0000-4000-8000-000000000001", "type", "ttp", "title",
                        "the hub of all", "repair", "delete", "n_relations", 7))));
        open("months", report);
        int columns = browser.all("[aria-labelledby=missing] svg.plot rect").size();
        assertTrue(columns >= 10 && columns <= 32, columns + " columns");
        assertTrue(browser.all("[aria-labelledby=missing] svg.plot text.count").size() <= 3);
        assertEquals("the hub of all", text("[aria-labelledby=radius] td"));
        picture("months");
    }

    @Test
    void aScreenReaderFindsItsWay() {
        open("read", four().saying("blast_radius",
                Map.of("n_relations_deleted", 2, "exact", true, "relations_deleted_by_key", Map.of("uses", 2))));
        assertEquals("en", browser.run("return document.documentElement.lang"));
        assertEquals(0L,
                browser.run(
                        "return [...document.querySelectorAll('table')].filter(table => !table.caption || "
                        + "!table.caption.textContent.trim() || !table.querySelector('th[scope]')).length"));
        assertEquals(0L,
                browser.run(
                        "return [...document.querySelectorAll('svg')].filter(svg => svg.getAttribute('aria-hidden') "
                        + "!== 'true' && !(svg.getAttribute('role') === 'img' && "
                        + "svg.getAttribute('aria-label'))).length"));
        assertEquals(0L,
                browser.run(
                        "return [...document.querySelectorAll('[aria-labelledby]')].filter(part => "
                        + "!document.getElementById(part.getAttribute('aria-labelledby'))).length"));
        assertEquals(0L,
                browser.run(
                        "const ids = [...document.querySelectorAll('[id]')].map(part => part.id); return ids.length - "
                        + "new Set(ids).size"));
        assertEquals(1L, browser.run("return document.querySelectorAll('h1').length"));
        assertEquals(browser.all("[aria-labelledby=behind] table tbody tr").size(),
                browser.all("[aria-labelledby=behind] svg.plot rect").size());
    }

    @Test
    void fitsAPhoneAndBothThemes() {
        open("phone", four());
        for (boolean dark : List.of(false, true)) {
            browser.look(375, 800, dark);
            assertEquals(375L, browser.run("return document.documentElement.scrollWidth"));
            assertEquals(dark ? "rgba(20, 24, 29, 1)" : "rgba(255, 255, 255, 1)",
                    browser.find("body").getCssValue("background-color"));
        }
        assertTrue(browser.find("th[data-key=behind] button").isDisplayed());
    }

    @Test
    @DisplayName("A systematic offset is said in a sentence")
    void aSystematicOffsetIsSaidInASentence() {
        open("offset", four().saying("systematic_offset", Map.of("offset", "PT-2H", "share", 0.97, "n", 400)));
        assertEquals(
                "97 % of the 400 timestamps that differ are exactly 2 hours ahead in Neo4j: that is a mistake with a "
                + "time zone, not drift.", text(".finding"));
    }

    @Test
    @DisplayName("An entity that is there twice is neither behind nor ahead")
    void anEntityThatIsThereTwiceIsNeitherBehindNorAhead() {
        open("twice", new InventedReport(1)
                .strange("ttp", "twice", "2024-03-04T00:00:00Z", "2024-03-04T00:00:00Z", "2024-03-04T00:00:00Z"));
        assertEquals(List.of(""), column(4));
        assertEquals(List.of("2 of this id in Neo4j"), column(5));
    }

    private void open(String name, InventedReport... reports) {
        browser.open(InventedReport.page(folder, name, reports));
    }

    private static void picture(String name) throws IOException {
        browser.picture(pictures.resolve(name + "-light.png"), 1280, 3000, false);
        browser.picture(pictures.resolve(name + "-dark-phone.png"), 390, 3000, true);
    }

    private static void select(String list, String choice) {
        browser.all("#" + list + " option").stream().filter(option -> option.getText().equals(choice)).findFirst()
                .orElseThrow().click();
    }

    private static WebElement heading(String key) {
        return browser.find("th[data-key=" + key + "]");
    }

    private static void sort(String key) {
        heading(key).findElement(By.tagName("button")).sendKeys(Keys.ENTER);
    }

    private static String text(String selector) {
        return browser.find(selector).getText();
    }

    private static List<String> texts(String selector) {
        return browser.all(selector).stream().map(WebElement::getText).toList();
    }

    private static List<WebElement> rows() {
        return browser.all("#rows > tr:not([hidden])");
    }

    private static List<String> titles() {
        return texts("#rows > tr:not([hidden]) > td > strong");
    }

    private static List<String> column(int n) {
        return texts("#rows > tr:not([hidden]) > td:nth-child(" + n + ")");
    }
}
