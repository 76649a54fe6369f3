package io.offboarder.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("JSON that somebody else wrote")
class JsonTreeTest {

  @Test
  @DisplayName("leaves no name of its members in the JVM's table of texts, which is slow to fill")
  void names() {
    String name = "member-" + UUID.randomUUID();

    assertThat(JsonTree.of("{\"" + name + "\":1}").root().has(name)).isTrue();

    assertThat(name.intern()).as("the first that is put into the table").isSameAs(name);
  }
}
