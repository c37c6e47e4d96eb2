package syncdata.run;

import java.util.ArrayList;
import java.util.List;

/** A table for people: columns under their names, numbers aligned to the right. */
public final class TextTable {
    private static final int LONGEST = 80;

    private final List<List<String>> lines = new ArrayList<>();
    private final boolean[] numbers;

    public TextTable(List<String> columns) {
        numbers = new boolean[columns.size()];
        lines.add(columns);
    }

    /** Adds a line. Whole numbers get separators, and long texts are shortened. */
    public void add(List<?> values) {
        List<String> line = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            numbers[i] |= value instanceof Long || value instanceof Integer;
            line.add(value instanceof Long || value instanceof Integer ? Words.count(((Number) value).longValue())
                    : value == null ? "" : Words.shortened(Words.visible(value.toString()), LONGEST));
        }
        lines.add(line);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < line.size(); i++) {
                String cell = line.get(i);
                String space = " ".repeat(width(i) - cell.length());
                row.append(i == 0 ? "" : "  ").append(numbers[i] ? space + cell : cell + space);
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }

}
