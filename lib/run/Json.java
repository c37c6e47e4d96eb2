package syncdata.run;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import syncdata.rules.Verdict;

/** How the toolkit writes JSON and values in it. */
public final class Json {
    /** Escapes control characters and those that turn or hide text. Reads texts of any length. */
    public static final ObjectMapper MAPPER = new ObjectMapper(new JsonFactoryBuilder().characterEscapes(new Harmless())
            .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build()).build())
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .registerModule(new ClassWords());

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Json() {
    }

    /** Writes and reads the class of an entity by its word, as a value and as a name. */
    private static final class ClassWords extends SimpleModule {
        ClassWords() {
            addSerializer(Verdict.class, new JsonSerializer<>() {
                @Override
                public void serialize(Verdict verdict, JsonGenerator json, SerializerProvider provider)
                        throws IOException {
                    json.writeString(verdict.label());
                }
            });
            addKeySerializer(Verdict.class, new JsonSerializer<>() {
                @Override
                public void serialize(Verdict verdict, JsonGenerator json, SerializerProvider provider)
                        throws IOException {
                    json.writeFieldName(verdict.label());
                }
            });
            addDeserializer(Verdict.class, new JsonDeserializer<>() {
                @Override
                public Verdict deserialize(JsonParser json, DeserializationContext context) throws IOException {
                    return verdict(json.getText(), context);
                }
            });
            addKeyDeserializer(Verdict.class, new KeyDeserializer() {
                @Override
                public Object deserializeKey(String key, DeserializationContext context) throws IOException {
                    return verdict(key, context);
                }
            });
        }

        private static Verdict verdict(String word, DeserializationContext context) throws IOException {
            return Verdict.labelled(word)
                    .orElseThrow(() -> context.weirdStringException(word, Verdict.class, "no class of a report"));
        }
    }

    /** A value as JSON in one line. */
    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An instant in UTC with microseconds, such as {@code 2019-11-29T14:51:24.304016Z}. */
    public static String timestamp(Instant instant) {
        return MICROSECONDS.format(instant.truncatedTo(ChronoUnit.MICROS));
    }

    /** More escapes than JSON asks for, which are C0. */
    private static final class Harmless extends CharacterEscapes {
        private static final int DELETE = 0x7f;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] escapes = standardAsciiEscapesForJSON();
            escapes[DELETE] = ESCAPE_STANDARD;
            return escapes;
        }

        @Override
        public SerializableString getEscapeSequence(int character) {
            return Words.isHarmless(character) || Character.isSurrogate((char) character) ? null
                    : new SerializedString(String.format(Locale.ROOT, "\\u%04x", character));
        }
    }
}
