package io.offboarder.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table to look texts up in: two columns of a CSV file. It is read again when the file changes;
 * while the file is not as it should be, what was read last stays. Looked into by any thread, read
 * again by one at a time.
 */
final class LookupTable {
  private static final Logger LOG = LoggerFactory.getLogger(LookupTable.class);
  private static final long LARGEST_BYTES = 64L << 20;

  private final @Nullable Source source;
  private volatile TextTable rows;
  private @Nullable FileTime readAt;
  private @Nullable String reported;

  private LookupTable(@Nullable Source source, TextTable rows) {
    this.source = source;
    this.rows = rows;
  }

  /**
   * Where a table's rows are.
   *
   * @param file CSV in UTF-8, its first line with the columns' names
   * @param key the column to look in
   * @param value the column to take from
   */
  record Source(Path file, String key, String value) {}

  /** Why a file cannot be used as a table. */
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableException(String words) {
      super(words, null, false, false);
    }
  }

  /** A table that is in no file. */
  static LookupTable of(Map<String, String> rows) {
    TextTable table = new TextTable();
    rows.forEach(table::putIfAbsent);
    return new LookupTable(null, table);
  }

  /** Reads a table. Blocks. */
  static LookupTable read(Source source) throws UnusableException {
    FileTime time = modified(source.file());
    LookupTable table = new LookupTable(source, rows(source));
    table.readAt = time;
    return table;
  }

  /** The row's value; null where there is no such row, or nothing in it. */
  @Nullable String find(String key) {
    return rows.get(key.strip());
  }

  /** Reads the file again if it has changed. Blocks; from one thread at a time. */
  void refresh() {
    if (source == null) {
      return;
    }
    try {
      FileTime time = modified(source.file());
      if (!time.equals(readAt)) {
        rows = rows(source);
        readAt = time;
        reported = null;
        LOG.info("The table {} was read again: {} rows", source.file(), rows.size());
      }
    } catch (UnusableException e) {
      if (!Objects.equals(reported, e.getMessage())) {
        reported = e.getMessage();
        LOG.error("The table {}; its rows stay as they were read last", e.getMessage());
      }
    }
  }

  private static FileTime modified(Path file) throws UnusableException {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static UnusableException unreadable(Path file, IOException e) {
    return new UnusableException(
        file
            + (e instanceof NoSuchFileException
                ? " does not exist"
                : e instanceof CharacterCodingException
                    ? " is not UTF-8 text"
                    : " cannot be read by this process"));
  }

  private static TextTable rows(Source source) throws UnusableException {
    Path file = source.file();
    TextTable rows = new TextTable();
    try (BufferedReader text = withoutMark(Files.newBufferedReader(file))) {
      if (Files.size(file) > LARGEST_BYTES) {
        throw new UnusableException(file + " is larger than 64 MiB");
      }
      try (MappingIterator<Map<String, String>> lines =
          new CsvMapper()
              .readerForMapOf(String.class)
              .with(CsvSchema.emptySchema().withHeader())
              .with(CsvParser.Feature.TRIM_SPACES)
              .with(CsvParser.Feature.SKIP_EMPTY_LINES)
              .readValues(text)) {
        boolean more = lines.hasNextValue();
        requireColumns(source, (CsvSchema) lines.getParserSchema());
        for (; more; more = lines.hasNextValue()) {
          int line = lines.getCurrentLocation().getLineNr();
          add(rows, source, lines.nextValue(), line);
        }
      }
      return rows;
    } catch (JsonProcessingException | RuntimeJsonMappingException e) {
      throw new UnusableException(file + " is no CSV that can be read");
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Spreadsheets begin a file with a byte order mark. */
  private static BufferedReader withoutMark(BufferedReader text) throws IOException {
    text.mark(1);
    if (text.read() != '\ufeff') {
      text.reset();
    }
    return text;
  }

  private static void requireColumns(Source source, CsvSchema schema) throws UnusableException {
    for (String column : List.of(source.key(), source.value())) {
      if (schema.column(column) == null) {
        throw new UnusableException(
            source.file() + " has no column " + column + " in its first line, between commas");
      }
    }
  }

  private static void add(TextTable rows, Source source, Map<String, String> line, int number)
      throws UnusableException {
    String key = line.get(source.key());
    String value = line.get(source.value());
    if (key == null || key.isBlank() || value == null || value.isBlank()) {
      return;
    }
    String before = rows.putIfAbsent(key.strip(), value.strip());
    if (before != null && !before.equals(value.strip())) {
      throw new UnusableException(
          source.file()
              + " has the same "
              + source.key()
              + " twice with different values, the second before line "
              + (number + 1));
    }
  }
}
