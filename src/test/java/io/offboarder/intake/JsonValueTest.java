package io.offboarder.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A record that intake rules read")
class JsonValueTest {

  @Test
  @DisplayName("leaves no name of its members in the JVM's table of texts, which is slow to fill")
  void names() throws MappingException {
    String name = "member-" + UUID.randomUUID();

    byte[] record = ("{\"" + name + "\":true}").getBytes(StandardCharsets.UTF_8);

    assertThat(JsonValue.of(record)).isEqualTo(Map.of(name, true));

    assertThat(name.intern()).as("the first that is put into the table").isSameAs(name);
  }
}
