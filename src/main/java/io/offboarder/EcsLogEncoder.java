package io.offboarder;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.AdditionalField;
import co.elastic.logging.EcsJsonSerializer;
import co.elastic.logging.logback.EcsEncoder;
import io.offboarder.text.Printable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * Writes log lines as JSON in the form of the Elastic Common Schema, for what collects a
 * container's logs. What a line says of its event is beside it in fields: {@code event}, {@code
 * subject} and {@code trace}.
 */
final class EcsLogEncoder extends EcsEncoder {
  /** An encoder that names this program. */
  EcsLogEncoder() {
    // Not by setServiceName: that adds event.dataset, beside which there is no room for event.
    addAdditionalField(new AdditionalField("service.name", "offboarder"));
  }

  /** With an escape for what would move or turn the text of those who look at it. */
  @Override
  public byte[] encode(ILoggingEvent line) {
    String json = new String(super.encode(line), StandardCharsets.UTF_8).stripTrailing();
    return (Printable.json(json) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  protected void addCustomFields(ILoggingEvent line, StringBuilder json) {
    List<KeyValuePair> pairs = line.getKeyValuePairs();
    if (pairs != null) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (KeyValuePair pair : pairs) {
        if (pair.value != null) {
          fields.put(pair.key, pair.value.toString());
        }
      }
      EcsJsonSerializer.serializeMDC(json, fields);
    }
  }
}
