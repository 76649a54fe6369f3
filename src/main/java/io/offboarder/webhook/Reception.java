package io.offboarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.kafka.KafkaFailure;
import io.offboarder.kafka.RecordSender;
import io.offboarder.signature.SignatureCheck;
import io.offboarder.signature.SignatureFault;
import io.offboarder.webhook.Endpoint.Greeting;
import io.offboarder.webhook.Verification.Hmac;
import io.offboarder.webhook.Verification.SharedSecret;
import io.offboarder.webhook.Verification.SignedToken;
import io.offboarder.webhook.WebhookMeters.Result;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes to one endpoint: who sent it is checked, then it is published as it is, and answered
 * once Kafka has it. Confined to the event loop of its server.
 */
final class Reception {
  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final String CHALLENGE = "x-okta-verification-challenge";
  private static final Pattern REPEATABLE = Pattern.compile("[\\x21-\\x7e]{1,1024}");
  private static final Pattern PING =
      Pattern.compile("\\s*(\"?Ping test\"?|\\{\\s*\"text\"\\s*:\\s*\"Ping test\"\\s*})\\s*");
  private static final int LONGEST_PING = 100;

  private final Vertx vertx;
  private final Endpoint endpoint;
  private final @Nullable SignatureCheck tokens;
  private final Duration publishTimeout;
  private final RecordSender sender;
  private final WebhookMeters meters;
  private final RequestRate rate;
  private final Clock clock;
  private final JsonMapper json =
      new JsonMapper(
          JsonFactory.builder()
              .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // Slow, and senders make up names.
              .build());
  private long quietUntil = System.nanoTime();

  Reception(
      Vertx vertx,
      Endpoint endpoint,
      WebhookSettings settings,
      RecordSender sender,
      WebhookMeters meters,
      Clock clock) {
    this.vertx = vertx;
    this.endpoint = endpoint;
    this.tokens =
        settings.tokens() == null ? null : new SignatureCheck(vertx, settings.tokens(), clock);
    this.publishTimeout = settings.limits().publishTimeout();
    this.sender = sender;
    this.meters = meters;
    this.rate = new RequestRate(settings.limits().requestsPerSecond(), System::nanoTime);
    this.clock = clock;
  }

  /** Looks at the headers, before the body is read. */
  void look(RoutingContext context) {
    String type =
        Objects.requireNonNullElse(context.request().getHeader("Content-Type"), "")
            .toLowerCase(Locale.ROOT);
    if (context.request().getHeader("Content-Encoding") != null || type.startsWith("multipart/")) {
      refuse(context, new Refusal(415, "invalid_request", "the body is packed; send it plain"));
      return;
    }
    Optional<Refusal> refusal =
        endpoint.verification() instanceof SharedSecret shared
            ? shared.check(context.request().headers())
            : Optional.empty();
    refusal.ifPresentOrElse(words -> refuse(context, words), context::next);
  }

  /** Okta asks once whether the address is ours: what it says is repeated to it. */
  void greet(RoutingContext context) {
    String challenge = context.request().getHeader(CHALLENGE);
    if (endpoint.greeting() != Greeting.OKTA_CHALLENGE
        || challenge == null
        || !REPEATABLE.matcher(challenge).matches()) {
      refuseMethod(context);
      return;
    }
    meters.count(Result.GREETED);
    context
        .response()
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject().put("verification", challenge).encode());
  }

  /** Only a POST brings anything. */
  void refuseMethod(RoutingContext context) {
    meters.count(Result.INVALID);
    context.response().putHeader("Allow", "POST");
    Answers.refuse(context, new Refusal(405, "invalid_request", "expected a POST"));
  }

  /** Something went wrong before it was taken. */
  void failed(RoutingContext context) {
    if (context.statusCode() == 413) {
      tooLarge(context);
    } else if (context.statusCode() >= 500) {
      LOG.error("{} could not be taken", endpoint.path(), context.failure());
      meters.count(Result.UNAVAILABLE);
      Answers.unavailable(context, "it could not be taken; send it again");
    } else {
      meters.count(Result.INVALID);
      Answers.refuse(
          context, new Refusal(context.statusCode(), "invalid_request", "it cannot be read"));
    }
  }

  /** Takes a request whose body is there. */
  void receive(RoutingContext context) {
    Buffer buffer = context.body().buffer();
    byte[] body = buffer == null ? new byte[0] : buffer.getBytes();
    if (isPing(body)) {
      meters.count(Result.GREETED);
      context.response().end();
    } else if (body.length == 0) {
      refuse(context, Refusal.invalid("the body is empty"));
    } else if (endpoint.verification() instanceof SignedToken) {
      Objects.requireNonNull(tokens)
          .verifyToken(body)
          .onSuccess(
              fault ->
                  fault
                      .map(Reception::refusal)
                      .ifPresentOrElse(
                          refusal -> refuse(context, refusal), () -> take(context, body)))
          .onFailure(unknown -> keysUnavailable(context, unknown));
    } else {
      Optional<Refusal> refusal =
          endpoint.verification() instanceof Hmac hmac
              ? hmac.check(context.request().headers(), body, clock)
              : Optional.empty();
      refusal.ifPresentOrElse(words -> refuse(context, words), () -> take(context, body));
    }
  }

  private boolean isPing(byte[] body) {
    return endpoint.greeting() == Greeting.HIBOB_PING
        && body.length <= LONGEST_PING
        && PING.matcher(new String(body, UTF_8)).matches();
  }

  private static Refusal refusal(SignatureFault fault) {
    String err =
        switch (fault.about()) {
          case FORM -> "invalid_request";
          case ISSUER -> "invalid_issuer";
          case AUDIENCE -> "invalid_audience";
          case KEY -> "invalid_key";
        };
    return new Refusal(400, err, "the token " + fault.was());
  }

  /** Counts against the rate what a known sender sends, so that nobody else can use it up. */
  private void take(RoutingContext context, byte[] body) {
    if (!rate.allows()) {
      meters.count(Result.THROTTLED);
      Answers.tooMany(context, 429, "more requests in a second than are taken");
      return;
    }
    Future.fromCompletionStage(sender.send(record(context, body)), vertx.getOrCreateContext())
        .timeout(publishTimeout.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(published -> accept(context))
        .onFailure(failure -> notPublished(context, failure));
  }

  private ProducerRecord<byte[], byte[]> record(RoutingContext context, byte[] body) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(endpoint.topic(), key(body), body);
    for (String name : endpoint.headers()) {
      String value = context.request().getHeader(name);
      if (value != null) {
        record.headers().add(name, value.getBytes(UTF_8));
      }
    }
    return record;
  }

  private byte @Nullable [] key(byte[] body) {
    if (endpoint.key() == null) {
      return null;
    }
    try {
      JsonNode found = json.readTree(body).at(endpoint.key());
      return found.isValueNode() && !found.isNull() && !found.asText().isEmpty()
          ? found.asText().getBytes(UTF_8)
          : null;
    } catch (IOException noJson) {
      return null;
    }
  }

  private void accept(RoutingContext context) {
    meters.count(Result.ACCEPTED);
    if (!context.response().closed()) {
      context
          .response()
          .setStatusCode(endpoint.verification() instanceof SignedToken ? 202 : 200)
          .end();
    }
  }

  private void notPublished(RoutingContext context, Throwable failure) {
    if (failure instanceof KafkaFailure kafka && kafka.kind() == KafkaFailure.Kind.TOO_LARGE) {
      tooLarge(context);
      return;
    }
    meters.count(Result.UNAVAILABLE);
    if (isTimeToSay()) {
      LOG.error(
          "{}: what came was not published to {}, and its sender was told to send it again: {}",
          endpoint.path(),
          endpoint.topic(),
          failure.getMessage());
    }
    Answers.unavailable(context, "it could not be kept; send it again");
  }

  private void keysUnavailable(RoutingContext context, Throwable unknown) {
    meters.count(Result.UNAVAILABLE);
    if (isTimeToSay()) {
      LOG.error("{}: {}", endpoint.path(), unknown.getMessage());
    }
    Answers.unavailable(context, "the issuer's keys cannot be read now; send it again");
  }

  /** The body is larger than the settings or the topic allow. */
  private void tooLarge(RoutingContext context) {
    meters.count(Result.TOO_LARGE);
    Answers.refuse(context, new Refusal(413, "invalid_request", "the body is too large"));
  }

  private void refuse(RoutingContext context, Refusal refusal) {
    boolean isUnknown = refusal.status() == 401 || endpoint.verification() instanceof SignedToken;
    meters.count(isUnknown ? Result.UNAUTHENTICATED : Result.INVALID);
    if (isTimeToSay()) {
      LOG.warn("{}: refused with {}: {}", endpoint.path(), refusal.status(), refusal.description());
    }
    if (refusal.status() == 401
        && endpoint.verification() instanceof SharedSecret shared
        && shared.scheme() != SharedSecret.Scheme.PLAIN) {
      context
          .response()
          .putHeader(
              "WWW-Authenticate",
              shared.scheme() == SharedSecret.Scheme.BASIC ? "Basic realm=\"intake\"" : "Bearer");
    }
    Answers.refuse(context, refusal);
  }

  /** One line a minute tells as much as one for each; the counters have the rest. */
  private boolean isTimeToSay() {
    long now = System.nanoTime();
    if (now - quietUntil < 0) {
      return false;
    }
    quietUntil = now + QUIET.toNanos();
    return true;
  }
}
