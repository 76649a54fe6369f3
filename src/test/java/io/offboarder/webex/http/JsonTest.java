package io.offboarder.webex.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("JSON that the API answers")
class JsonTest {

  @Test
  @DisplayName("leaves no name of its members in the JVM's table of texts, which is slow to fill")
  void names() {
    String name = "member-" + UUID.randomUUID();

    assertThat(Json.parse(Buffer.buffer("{\"" + name + "\":1}"))).isNotNull();

    assertThat(name.intern()).as("the first that is put into the table").isSameAs(name);
  }
}
