package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids as others write them. */
class IdSpellingTest {
    private static final UUID ID = UUID.fromString("0e1a0000-00ab-4000-8000-00000000cdef");

    @Test
    @DisplayName("Every other spelling stands for the same id, and none is the one that is used here")
    void everyOtherSpellingIsTheSameId() {
        IdSpelling.others(ID).forEach(text -> {
            assertEquals(Optional.of(ID), IdSpelling.read(text));
            assertEquals(false, EntityId.isCanonical(text));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "42", "0e1a0000-00ab-4000-8000-00000000cde", "0e1a0000-00ab-4000-8000-00000000cdeg",
            "indicator--0e1a0000-00ab-4000-8000-00000000cdef"})
    @DisplayName("What is no UUID stands for no id")
    void whatIsNoUuidIsNoId(String text) {
        assertEquals(Optional.empty(), IdSpelling.read(text));
    }
}
