package io.offboarder.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.testing.Company;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * An event that will be published, and what is known of it beforehand.
 *
 * @param subject the person's id or the app's client id, empty where the event names nobody known
 * @param due when it is to be done; null for at once
 */
record Planned(
    int number,
    Kind kind,
    String subject,
    @Nullable Instant due,
    ProducerRecord<byte[], byte[]> record) {
  private static final String HEADER = "chaos-event";

  /** What kind of event it is, and so how it may end. */
  enum Kind {
    /** Of a person who is known. */
    TERMINATION,
    /** Of one who leaves in some seconds, and of whom no other event is. */
    SCHEDULED,
    /** The same, which is taken back, by an event that may be published before it. */
    TAKEN_BACK,
    /** Takes a termination back. */
    RESCIND,
    /** Of a person to whom the API gives no access. */
    REFUSED,
    /** Of a person whom the API does not know. */
    UNKNOWN,
    /** Of an app. */
    DECOMMISSION,
    /** Nothing that can be understood. */
    MALFORMED
  }

  /** Marks the record, so that it is known again wherever it turns up. */
  Planned {
    record.headers().remove(HEADER).add(HEADER, Integer.toString(number).getBytes(UTF_8));
  }

  /** One that is to be done at once. */
  Planned(int number, Kind kind, String subject, ProducerRecord<byte[], byte[]> record) {
    this(number, kind, subject, null, record);
  }

  /** Whether it is of somebody of whom there is no other event but its rescind. */
  boolean isDated() {
    return kind == Kind.SCHEDULED || kind == Kind.TAKEN_BACK || kind == Kind.RESCIND;
  }

  /** The number of the event that a record in the input carries. */
  static int numberIn(Headers headers) {
    return Company.json(headers.lastHeader(HEADER).value()).asInt();
  }
}
