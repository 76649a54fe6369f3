package io.offboarder.kafka;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Kafka did not do what was asked. The message is one line for the person at the terminal. */
public final class KafkaUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  private KafkaUnavailableException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What kind of no it was. */
  public enum Kind {
    /** Nobody answered; it may pass. */
    UNREACHABLE,
    /** Kafka does not let us in, or not to this. */
    NOT_AUTHORIZED,
    /** A client setting that cannot be. */
    CONFIGURATION,
    /** Something else. */
    OTHER
  }

  /** What kind of no it was. */
  public Kind kind() {
    return kind;
  }

  static KafkaUnavailableException of(Throwable error, Map<String, String> client) {
    Throwable cause =
        error instanceof ExecutionException && error.getCause() != null ? error.getCause() : error;
    String servers = client.getOrDefault("bootstrap.servers", "localhost:9092");
    for (Throwable e = cause; e != null; e = e.getCause()) {
      if (e instanceof AuthenticationException || e instanceof AuthorizationException) {
        return new KafkaUnavailableException(
            Kind.NOT_AUTHORIZED, "Kafka at " + servers + " refused: " + oneLine(e), cause);
      }
      if (e instanceof ConfigException) {
        return new KafkaUnavailableException(
            Kind.CONFIGURATION, "Kafka's client refused a setting: " + oneLine(e), cause);
      }
      if (e instanceof UnknownTopicOrPartitionException) {
        return new KafkaUnavailableException(
            Kind.OTHER, "Kafka at " + servers + " has no such topic", cause);
      }
      if (e instanceof TimeoutException) {
        return new KafkaUnavailableException(
            Kind.UNREACHABLE, "Kafka at " + servers + " did not answer: " + oneLine(e), cause);
      }
    }
    return new KafkaUnavailableException(
        Kind.OTHER, "Kafka at " + servers + " failed: " + oneLine(cause), cause);
  }

  private static String oneLine(Throwable e) {
    String message = e.getMessage();
    String text = message == null || !(e instanceof KafkaException) ? e.toString() : message;
    return text.replaceAll("\\s+", " ");
  }
}
