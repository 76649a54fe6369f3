package io.offboarder.webhook;

import io.offboarder.kafka.KafkaSettings;
import io.offboarder.port.ServerCertificate;
import io.offboarder.signature.SignatureSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where requests come to, and where their bodies go.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes a free one
 * @param certificate what it proves itself with; null for plain HTTP
 * @param limits what senders may ask for
 * @param kafka how Kafka is reached
 * @param endpoints the paths
 * @param tokens which security event tokens count, and whose; null where no endpoint takes them
 */
public record WebhookSettings(
    String host,
    int port,
    @Nullable ServerCertificate certificate,
    Limits limits,
    KafkaSettings kafka,
    Endpoints endpoints,
    @Nullable SignatureSettings tokens) {

  /**
   * What senders may ask for.
   *
   * @param bodyBytes the largest body
   * @param concurrency how many requests are worked on at any time
   * @param connections how many connections are open at any time
   * @param requestsPerSecond how many requests of known senders each endpoint takes
   * @param readTimeout how long a sender may take to send a request
   * @param publishTimeout how long Kafka may take to have a record
   */
  public record Limits(
      int bodyBytes,
      int concurrency,
      int connections,
      int requestsPerSecond,
      Duration readTimeout,
      Duration publishTimeout) {}
}
