package syncdata.repair;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import org.neo4j.driver.types.Float32Vector;
import org.neo4j.driver.types.Float64Vector;
import org.neo4j.driver.types.Int16Vector;
import org.neo4j.driver.types.Int32Vector;
import org.neo4j.driver.types.Int64Vector;
import org.neo4j.driver.types.Int8Vector;
import org.neo4j.driver.types.IsoDuration;
import org.neo4j.driver.types.Point;
import org.neo4j.driver.types.Vector;

/**
 * A value of a Neo4j property as JSON, without loss. Text, integers, truth values, null and lists are themselves.
 * Anything else is an object with one field, which names its type.
 */
final class JournalValue {
    private JournalValue() {
    }

    static void write(JsonGenerator json, Value value) throws IOException {
        switch (value.type().name()) {
            case "NULL" -> json.writeNull();
            case "STRING" -> json.writeString(value.asString());
            case "INTEGER" -> json.writeNumber(value.asLong());
            case "BOOLEAN" -> json.writeBoolean(value.asBoolean());
            case "FLOAT" -> typed(json, "float", Double.toString(value.asDouble()));
            case "BYTES" -> typed(json, "bytes", Base64.getEncoder().encodeToString(value.asByteArray()));
            case "DATE_TIME" -> typed(json, "datetime", value.asZonedDateTime().toString());
            case "LOCAL_DATE_TIME" -> typed(json, "localdatetime", value.asLocalDateTime().toString());
            case "DATE" -> typed(json, "date", value.asLocalDate().toString());
            case "TIME" -> typed(json, "time", value.asOffsetTime().toString());
            case "LOCAL_TIME" -> typed(json, "localtime", value.asLocalTime().toString());
            case "DURATION" -> {
                IsoDuration duration = value.asIsoDuration();
                typed(json, "duration", List.of(duration.months(), duration.days(), duration.seconds(),
                        (long) duration.nanoseconds()));
            }
            case "POINT" -> {
                Point point = value.asPoint();
                List<String> coordinates = DoubleStream.of(point.x(), point.y(), point.z())
                        .limit(Double.isNaN(point.z()) ? 2 : 3).mapToObj(Double::toString).toList();
                json.writeStartObject();
                json.writePOJOField("point", coordinates);
                json.writeNumberField("srid", point.srid());
                json.writeEndObject();
            }
            case "VECTOR" -> writeVector(json, value.asVector());
            default -> {
                if (!value.type().name().startsWith("LIST")) {
                    throw new IllegalStateException("it has a value of type " + value.type().name()
                            + ", which a journal cannot hold: repair it with --no-journal");
                }
                json.writeStartArray();
                for (Value item : value.values()) {
                    write(json, item);
                }
                json.writeEndArray();
            }
        }
    }

    /** Reads what {@link #write} wrote. */
    static Value read(JsonNode json) {
        if (json.isNull()) {
            return Values.NULL;
        }
        if (json.isTextual()) {
            return Values.value(json.textValue());
        }
        if (json.isIntegralNumber() && json.canConvertToLong()) {
            return Values.value(json.longValue());
        }
        if (json.isBoolean()) {
            return Values.value(json.booleanValue());
        }
        if (json.isArray()) {
            List<Value> items = new ArrayList<>();
            json.forEach(item -> items.add(read(item)));
            return Values.value(items);
        }
        String type = json.fieldNames().next();
        JsonNode content = json.get(type);
        String text = content.asText();
        return switch (type) {
            case "float" -> Values.value(Double.parseDouble(text));
            case "bytes" -> Values.value(Base64.getDecoder().decode(text));
            case "datetime" -> Values.value(ZonedDateTime.parse(text));
            case "localdatetime" -> Values.value(LocalDateTime.parse(text));
            case "date" -> Values.value(LocalDate.parse(text));
            case "time" -> Values.value(OffsetTime.parse(text));
            case "localtime" -> Values.value(LocalTime.parse(text));
            case "duration" -> Values.isoDuration(content.get(0).longValue(), content.get(1).longValue(),
                    content.get(2).longValue(), content.get(3).intValue());
            case "point" -> readPoint(json.get("srid").intValue(), doubles(content));
            case "vector" -> readVector(json.get("of").asText(), doubles(content), content);
            default -> throw new IllegalArgumentException("a value of an unknown type " + type);
        };
    }

    private static void typed(JsonGenerator json, String type, Object value) throws IOException {
        json.writeStartObject();
        json.writePOJOField(type, value);
        json.writeEndObject();
    }

    private static Value readPoint(int srid, double[] coordinates) {
        return coordinates.length == 2 ? Values.point(srid, coordinates[0], coordinates[1])
                : Values.point(srid, coordinates[0], coordinates[1], coordinates[2]);
    }

    private static void writeVector(JsonGenerator json, Vector vector) throws IOException {
        Object items = vector instanceof Int8Vector v ? v.toArray() : vector instanceof Int16Vector v ? v.toArray()
                : vector instanceof Int32Vector v ? v.toArray() : vector instanceof Int64Vector v ? v.toArray()
                : vector instanceof Float32Vector v ? v.toArray() : ((Float64Vector) vector).toArray();
        List<String> texts = IntStream.range(0, vector.length())
                .mapToObj(i -> String.valueOf(java.lang.reflect.Array.get(items, i))).toList();
        json.writeStartObject();
        json.writePOJOField("vector", texts);
        json.writeStringField("of", vector.elementType().getSimpleName());
        json.writeEndObject();
    }

    private static Value readVector(String of, double[] items, JsonNode texts) {
        long[] integers = of.equals("long") ? StreamSupport
                .stream(texts.spliterator(), false).mapToLong(item -> Long.parseLong(item.asText())).toArray() : null;
        int size = items.length;
        switch (of) {
            case "byte":
                byte[] bytes = new byte[size];
                IntStream.range(0, size).forEach(i -> bytes[i] = (byte) items[i]);
                return Values.vector(bytes);
            case "short":
                short[] shorts = new short[size];
                IntStream.range(0, size).forEach(i -> shorts[i] = (short) items[i]);
                return Values.vector(shorts);
            case "int":
                return Values.vector(DoubleStream.of(items).mapToInt(item -> (int) item).toArray());
            case "long":
                return Values.vector(integers);
            case "float":
                float[] floats = new float[size];
                IntStream.range(0, size).forEach(i -> floats[i] = (float) items[i]);
                return Values.vector(floats);
            default:
                return Values.vector(items);
        }
    }

    private static double[] doubles(JsonNode texts) {
        return StreamSupport.stream(texts.spliterator(), false).mapToDouble(item -> Double.parseDouble(item.asText()))
                .toArray();
    }
}
