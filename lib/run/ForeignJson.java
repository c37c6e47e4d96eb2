package syncdata.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.io.InputStream;

/**
 * JSON that somebody else may have written. It is read a token at a time, and a value is kept only if it fits into a
 * small memory.
 */
public final class ForeignJson {
    private static final int LONGEST_TEXT = 1_100_000;

    // Names are not cached: there may be any number of them.
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT).build()).build();

    private ForeignJson() {
    }

    public static JsonParser parser(InputStream in) throws IOException {
        return FACTORY.createParser(in);
    }

    /** How much may still be kept, of one value or several. It is more than the toolkit writes into them. */
    public static final class Allowance {
        private int tokens = 100_000;
        private long characters = 8_000_000;

        private void take(int moreTokens, long moreCharacters, JsonParser json) throws StreamConstraintsException {
            tokens -= moreTokens;
            characters -= moreCharacters;
            if (tokens < 0 || characters < 0) {
                throw new StreamConstraintsException("it holds more than the toolkit writes into it",
                        json.currentLocation());
            }
        }
    }

    /**
     * Reads the value at which a parser stands.
     *
     * @param allowance is reduced by its size
     * @throws JsonProcessingException if it is larger than the allowance
     */
    public static <T> T value(JsonParser json, Class<T> type, Allowance allowance) throws IOException {
        boolean single = json.currentToken().isScalarValue();
        allowance.take(1, String.valueOf(json.currentName()).length() + (single ? json.getTextLength() : 0), json);
        return Json.MAPPER.readValue(new Bounded(json, allowance), type);
    }

    /** The complaint of a parser, without the names of its settings. */
    public static String complaint(JsonProcessingException e) {
        return e.getOriginalMessage().replaceAll("(, from)? ?`StreamReadConstraints[^`]*`", "");
    }

    /** A place in the text, such as {@code line 1, column 7}. */
    public static String place(JsonLocation location) {
        return "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** Counts what is read against an allowance. */
    private static final class Bounded extends JsonParserDelegate {
        private final Allowance allowance;
        private long seen;

        Bounded(JsonParser json, Allowance allowance) {
            super(json);
            this.allowance = allowance;
            this.seen = offset();
        }

        @Override
        public JsonToken nextToken() throws IOException {
            JsonToken token = super.nextToken();
            long offset = offset();
            allowance.take(1, offset - seen, delegate);
            seen = offset;
            return token;
        }

        /** In characters: without cached names, the parser decodes bytes first. */
        private long offset() {
            return delegate.currentLocation().getCharOffset();
        }
    }
}
