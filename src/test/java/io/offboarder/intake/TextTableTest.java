package io.offboarder.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A table of texts")
class TextTableTest {
  private static final int MANY = 1_000_000;

  @TempDir Path folder;

  @Test
  @DisplayName("finds what a map finds, whatever the texts are")
  void likeMap() {
    Random random = new Random(20261130);
    TextTable table = new TextTable();
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      String key = text(random);
      String value = text(random);
      assertThat(table.putIfAbsent(key, value)).isEqualTo(map.putIfAbsent(key, value));
      String any = text(random);
      assertThat(table.get(any)).isEqualTo(map.get(any));
    }
    assertThat(table.size()).isEqualTo(map.size());
    map.forEach((key, value) -> assertThat(table.get(key)).isEqualTo(value));
  }

  @Test
  @DisplayName("of a million rows is read, twice at a time, in a fraction of a heap of 256 MiB")
  void millionRows() throws Exception {
    Path file = folder.resolve("people.csv");
    try (BufferedWriter rows = Files.newBufferedWriter(file)) {
      rows.write("\ufeffnumber,mail\n");
      for (int i = 0; i < MANY; i++) {
        rows.write(i + ",person-" + i + "@example.com\n");
      }
    }
    LookupTable.Source source = new LookupTable.Source(file, "number", "mail");
    long before = usedHeap();

    LookupTable first = LookupTable.read(source);
    LookupTable second = LookupTable.read(source);

    assertThat(usedHeap() - before).isLessThan(150L << 20);
    assertThat(first.find("999999")).isEqualTo("person-999999@example.com");
    assertThat(second.find(" 0 ")).isEqualTo("person-0@example.com");
    assertThat(second.find("1000000")).isNull();
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.appendCodePoint("ab\u00e9\u20ac\u0000 ".charAt(random.nextInt(6)));
    }
    return text.toString();
  }
}
