package io.offboarder.event;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("JSON that somebody else wrote")
class JsonTreeTest {

  @Test
  @DisplayName("leaves no name of its members in the JVM's table of texts, which is slow to fill")
  void names() {
    String name = "member-" + UUID.randomUUID();

    assertThat(JsonTree.of("{\"" + name + "\":1}").root().has(name)).isTrue();

    assertThat(name.intern()).as("the first that is put into the table").isSameAs(name);
  }

  @ParameterizedTest
  @CsvSource({"10000, 1", "5000, 2", "20, 500"})
  @DisplayName("is read up to 10,000 members, in one object or in many")
  void bound(int objects, int members) {
    String object = object(members, "1");
    int most = 10_000 / (members + 1);

    assertThat(JsonTree.of(object(most, object)).error()).isNull();
    assertThat(JsonTree.of(object(objects, object)).error())
        .hasMessageContaining("more than 10000 members");
  }

  private static String object(int members, String value) {
    return IntStream.range(0, members)
        .mapToObj(i -> "\"m" + i + "\":" + value)
        .collect(joining(",", "{", "}"));
  }
}
