package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The headers that say, beside a dead letter's own, where it came from and what was wrong. */
public final class DeadLetterHeaders {
  private static final String PREFIX = "__offboarder.errors.";

  private DeadLetterHeaders() {}

  static void add(Headers headers, String name, String value) {
    headers.add(PREFIX + name, value.getBytes(UTF_8));
  }

  /** What they say, by their names without the prefix, such as {@code code}. */
  public static Map<String, String> read(Headers headers) {
    Map<String, String> read = new LinkedHashMap<>();
    for (Header header : headers) {
      if (header.key().startsWith(PREFIX)) {
        byte[] value = header.value();
        read.put(
            header.key().substring(PREFIX.length()), value == null ? "" : new String(value, UTF_8));
      }
    }
    return read;
  }

  /** The headers that the record came with. */
  public static Headers original(Headers headers) {
    Headers original = new RecordHeaders();
    for (Header header : headers) {
      if (!header.key().startsWith(PREFIX)) {
        original.add(header);
      }
    }
    return original;
  }
}
