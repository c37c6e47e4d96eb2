package syncdata.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.run.Words;

/** Where the marks of a chart stand, and how numbers are said. */
class ChartTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0       | 0 1",
        "1       | 0 1",
        "5       | 0 1 2 3 4 5",
        "6       | 0 2 4 6",
        "99      | 0 20 40 60 80 100",
        "1234567 | 0 500,000 1,000,000 1,500,000"})
    void countsHaveRoundTicks(long most, String ticks) {
        Chart chart = Chart.histogram(List.of(new Chart.Bin("some", most)), List.of("from", "to"));
        assertEquals(ticks, chart.up().stream().map(Chart.Tick::label).collect(Collectors.joining(" ")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2024-06-04T22:00:00Z | 2024-06-04T22:05:00Z | 60    | 4 Jun 21:50, 21:55, 22:00, 22:05, 22:10, 22:15",
        "2024-06-04T22:00:00Z | 2024-06-05T03:00:00Z | 600   | 4 Jun 22:00, 23:00, 5 Jun, 01:00, 02:00, 03:00",
        "2024-06-03T00:00:00Z | 2024-09-30T00:00:00Z | 604800| May 2024, Jun 2024, Jul 2024, Aug 2024, Sep 2024, Oct "
        + "2024, Nov 2024",
        "2004-01-05T00:00:00Z | 2024-06-05T03:00:00Z | 604800| 2005, 2010, 2015, 2020"})
    @DisplayName("Times have ticks that people count in")
    void timesHaveTicksThatPeopleCountIn(Instant from, Instant to, long seconds, String ticks) {
        Chart chart = Chart.timeline(List.of(new Chart.TimedBin(from, "first", 1), new Chart.TimedBin(to, "last", 1)),
                seconds);
        assertEquals(ticks, chart.across().stream().map(Chart.Tick::label).collect(Collectors.joining(", ")));
    }

    @Test
    @DisplayName("The smallest column is still seen, and an empty one is not")
    void theSmallestColumnIsStillSeenAndAnEmptyOneIsNot() {
        Chart chart = Chart.histogram(List.of(new Chart.Bin("many", 1_000_000), new Chart.Bin("one", 1),
                new Chart.Bin("none", 0)), List.of("a", "b", "c", "d"));
        assertEquals(List.of(162, 2, 0), chart.marks().stream().map(Chart.Mark::height).toList());
        assertEquals(List.of("0.00%", "33.33%", "66.67%", "100.00%"),
                chart.across().stream().map(Chart.Tick::at).toList());
    }

    @Test
    @DisplayName("Points are equally far apart where not all have a time")
    void pointsAreEquallyFarApartWhereNotAllHaveATime() {
        Chart chart = Chart.line(List.of(new Chart.Point(Optional.of(Instant.EPOCH), "a", 4),
                new Chart.Point(Optional.empty(), "b", 2),
                new Chart.Point(Optional.of(Instant.EPOCH.plusSeconds(9)), "c", 0)), 4);
        assertEquals(List.of("3.00%", "50.00%", "97.00%"), chart.marks().stream().map(Chart.Mark::middle).toList());
        assertEquals(List.of(), chart.across());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0              | 0 seconds",
        "1              | 1 microsecond",
        "1500           | 1 millisecond",
        "1500000        | 1 second",
        "3600000000     | 1 hour",
        "93784000000    | 1 day 2 hours",
        "31536060000000 | 1 year"})
    @DisplayName("A duration is written in its two largest units")
    void aDurationIsSaidInItsTwoLargestUnits(long micros, String said) {
        assertEquals(said, Words.duration(Duration.of(micros, ChronoUnit.MICROS)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0     | 0     | 0 %",
        "0     | 7     | 0 %",
        "7     | 7     | 100 %",
        "1     | 99999 | less than 0.01 %",
        "99998 | 99999 | more than 99.99 %",
        "1     | 16    | 6.25 %",
        "1     | 3     | 33.3 %"})
    @DisplayName("A share is 0 % only where it is nothing, and 100 % only where it is all")
    void aShareIsNeitherNoneNorAllUnlessItIs(long part, long whole, String said) {
        assertEquals(said, Words.share(part, whole));
    }

    @Test
    @DisplayName("Only peaks are labelled, as far as their counts have room")
    void peaks() {
        Instant night = Instant.parse("2024-06-04T00:00:00Z");
        List<Chart.TimedBin> columns = IntStream.range(0, 28)
                .mapToObj(i -> new Chart.TimedBin(night.plusSeconds(i * 3_600L), "hour " + i,
                i == 5 ? 100 : i == 6 ? 99 : i == 20 ? 60 : 1)).toList();
        assertEquals(List.of("100", "60"), Chart.timeline(columns, 3_600).marks().stream().map(Chart.Mark::label)
                .filter(label -> !label.isEmpty()).toList());
    }

    @Test
    @DisplayName("A scale can be that of other charts, and the first tick says the day")
    void scaleAndDay() {
        Instant morning = Instant.parse("2024-06-04T05:00:00Z");
        Chart chart = Chart.line(List.of(new Chart.Point(Optional.of(morning), "a", 4),
                new Chart.Point(Optional.of(morning.plusSeconds(7_200)), "b", 2)), 1000);
        assertEquals("0 200 400 600 800 1,000",
                chart.up().stream().map(Chart.Tick::label).collect(Collectors.joining(" ")));
        assertEquals("4 Jun 05:00, 06:00, 07:00",
                chart.across().stream().map(Chart.Tick::label).collect(Collectors.joining(", ")));
    }
}
