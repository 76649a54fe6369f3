package io.offboarder.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.testing.Company;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * An event that will be published, and what is known of it beforehand.
 *
 * @param subject the person's id or the app's client id, empty where the event names nobody known
 */
record Planned(int number, Kind kind, String subject, ProducerRecord<byte[], byte[]> record) {
  private static final String HEADER = "chaos-event";

  /** What kind of event it is, and so how it may end. */
  enum Kind {
    /** Of a person who is known. */
    TERMINATION,
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

  /** The number of the event that a record in the input carries. */
  static int numberIn(Headers headers) {
    return Company.json(headers.lastHeader(HEADER).value()).asInt();
  }
}
