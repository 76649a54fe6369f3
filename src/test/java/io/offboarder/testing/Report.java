package io.offboarder.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a test has measured, as a table: printed, and kept in {@code target/proof} for the one who
 * puts them all together.
 */
public final class Report {
  /** Where tables are kept. */
  public static final Path DIRECTORY = Path.of("target", "proof");

  private final String title;
  private final StringBuilder text = new StringBuilder();

  private Report(String title) {
    this.title = title;
  }

  /** An empty one. */
  public static Report of(String title) {
    return new Report(title);
  }

  /** Adds a row. */
  public Report row(String name, Object value) {
    Object shown =
        value instanceof Double number ? String.format(Locale.ROOT, "%.1f", number) : value;
    return text(String.format(Locale.ROOT, "%-36s %s", name, shown));
  }

  /** Adds lines as they are. */
  public Report text(String lines) {
    text.append(lines).append('\n');
    return this;
  }

  /** Prints and keeps it. */
  public void publish() {
    String whole = title + "\n" + "-".repeat(title.length()) + "\n" + text;
    System.out.println(whole);
    try {
      Files.createDirectories(DIRECTORY);
      String file = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".txt";
      Files.writeString(DIRECTORY.resolve(file), whole);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
