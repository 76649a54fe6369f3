package io.offboarder.cases;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * How a case ended: the headers of the record without a value that takes it off the topic.
 *
 * @param status of the outcome
 * @param by the case that cancelled it; null where none did
 */
public record CaseEnd(String status, @Nullable String by, Instant at) {
  private static final String STATUS = "__offboarder.case.status";
  private static final String BY = "__offboarder.case.by";
  private static final String AT = "__offboarder.case.at";

  /** The headers that say so. */
  public Headers headers() {
    Headers headers = new RecordHeaders();
    headers.add(STATUS, status.getBytes(UTF_8)).add(AT, at.toString().getBytes(UTF_8));
    if (by != null) {
      headers.add(BY, by.getBytes(UTF_8));
    }
    return headers;
  }

  /** What headers say; null where they say nothing of it. */
  static @Nullable CaseEnd read(Headers headers) {
    String status = text(headers, STATUS);
    String at = text(headers, AT);
    if (status == null || at == null) {
      return null;
    }
    try {
      return new CaseEnd(status, text(headers, BY), Instant.parse(at));
    } catch (DateTimeException notOurs) {
      return null;
    }
  }

  private static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }
}
