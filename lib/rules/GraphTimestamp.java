package syncdata.rules;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A {@code last_updated_at} as Neo4j holds it: a DateTime, a LocalDateTime (read as UTC), an ISO 8601 string,
 * or an integer of milliseconds since 1970.
 *
 * @param micros microseconds since 1970, rounded down; {@code Long.MAX_VALUE - 1} and {@code Long.MIN_VALUE + 1}
 *               where they do not fit, so that nothing equals PostgreSQL's infinity; 0 where unreadable
 */
public record GraphTimestamp(long micros, Precision precision) {

    /** To what precision a timestamp is kept, and so compared. */
    public enum Precision {
        /** Nothing that can be read as a timestamp. */
        UNREADABLE,
        /** Milliseconds: an integer, or a string with at most three decimals. */
        MILLISECONDS,
        MICROSECONDS,
        /** Nanoseconds that PostgreSQL would round up to the next microsecond. */
        ROUNDED_UP
    }

    public static final GraphTimestamp UNREADABLE = new GraphTimestamp(0, Precision.UNREADABLE);

    private static final Pattern MORE_THAN_MILLISECONDS = Pattern.compile(".*[.,]\\d{4,}.*");
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart().appendLiteral('T').optionalEnd()
            .optionalStart().appendLiteral(' ').optionalEnd()
            .appendPattern("HH:mm[:ss]")
            .optionalStart().appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true).optionalEnd()
            .optionalStart().appendOffset("+HH:MM:ss", "Z").optionalEnd()
            .optionalStart().appendOffset("+HHMM", "Z").optionalEnd()
            .optionalStart().appendOffset("+HH", "Z").optionalEnd()
            .optionalStart().appendLiteral('[').parseCaseSensitive().appendZoneRegionId().appendLiteral(']')
            .optionalEnd()
            .toFormatter();

    /** Reads a value as the Neo4j driver gives it. What is no timestamp, such as null, is {@link #UNREADABLE}. */
    public static GraphTimestamp of(Object value) {
        if (value instanceof ZonedDateTime time) {
            return of(time.toEpochSecond(), time.getNano());
        }
        if (value instanceof LocalDateTime time) {
            return of(time.toEpochSecond(ZoneOffset.UTC), time.getNano());
        }
        if (value instanceof Long millis) {
            return new GraphTimestamp(saturated(Math.floorDiv(millis, 1000L), Math.floorMod(millis, 1000) * 1000),
                    Precision.MILLISECONDS);
        }
        if (value instanceof String text) {
            return ofText(text.strip());
        }
        return UNREADABLE;
    }

    /** Reads an ISO 8601 date-time, or a date as its midnight; UTC unless it says otherwise. Empty where it is none. */
    public static Optional<Instant> parse(String text) {
        try {
            TemporalAccessor read = ISO.parse(text.replace(',', '.'));
            ZoneId zone = Stream.of(read.query(TemporalQueries.offset()), read.query(TemporalQueries.zoneId()),
                    ZoneOffset.UTC)
                    .filter(Objects::nonNull).findFirst().orElseThrow();
            return Optional.of(LocalDateTime.from(read).atZone(zone).toInstant());
        } catch (DateTimeException notADateTime) {
            try {
                return Optional.of(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
            } catch (DateTimeException notADateEither) {
                return Optional.empty();
            }
        }
    }

    /** Microseconds since 1970 of an instant, rounded down. */
    public static long micros(Instant instant) {
        return saturated(instant.getEpochSecond(), instant.getNano() / 1000);
    }

    private static GraphTimestamp ofText(String text) {
        boolean hasTime = text.length() > "2024-06-01".length();
        return (hasTime ? parse(text) : Optional.<Instant>empty())
                .map(instant -> MORE_THAN_MILLISECONDS.matcher(text).matches()
                        ? of(instant.getEpochSecond(), instant.getNano())
                        : new GraphTimestamp(micros(instant), Precision.MILLISECONDS))
                .orElse(UNREADABLE);
    }

    private static GraphTimestamp of(long seconds, int nanos) {
        return new GraphTimestamp(saturated(seconds, nanos / 1000),
                nanos % 1000 >= 500 ? Precision.ROUNDED_UP : Precision.MICROSECONDS);
    }

    private static long saturated(long seconds, int micros) {
        long limit = Long.MAX_VALUE / 1_000_000 - 1;
        if (seconds > limit) {
            return Long.MAX_VALUE - 1;
        }
        return seconds < -limit ? Long.MIN_VALUE + 1 : seconds * 1_000_000 + micros;
    }
}
