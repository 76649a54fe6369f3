package io.offboarder.service;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What the headers of a record that is published once more say of the first time, however often
 * that is: what is old does not become new by it.
 */
public final class ReplayHeaders {
  private static final String FIRST_CASE = "__offboarder.first-case";
  private static final String FIRST_ARRIVED = "__offboarder.first-arrived";

  private ReplayHeaders() {}

  /** The case that it had first; this one if it is published again for the first time. */
  public static String firstCase(Headers headers, String caseId) {
    Header first = headers.lastHeader(FIRST_CASE);
    return first == null || first.value() == null ? caseId : new String(first.value(), UTF_8);
  }

  /** Adds what is to be known of the first time, unless it is there. */
  public static void add(Headers headers, String caseId, Instant arrivedAt) {
    if (headers.lastHeader(FIRST_CASE) == null) {
      headers.add(FIRST_CASE, caseId.getBytes(UTF_8));
    }
    if (headers.lastHeader(FIRST_ARRIVED) == null) {
      headers.add(FIRST_ARRIVED, Long.toString(arrivedAt.toEpochMilli()).getBytes(US_ASCII));
    }
  }

  /**
   * When Kafka took it in first; never later than now, so that a forged one makes nothing young.
   */
  static Instant firstArrived(Headers headers, Instant arrivedAt) {
    Header first = headers.lastHeader(FIRST_ARRIVED);
    if (first == null || first.value() == null) {
      return arrivedAt;
    }
    try {
      Instant at = Instant.ofEpochMilli(Long.parseLong(new String(first.value(), US_ASCII)));
      return at.isBefore(arrivedAt) ? at : arrivedAt;
    } catch (NumberFormatException notOurs) {
      return arrivedAt;
    }
  }
}
