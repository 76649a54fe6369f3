package io.offboarder.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.registry.RegistrySettings.Credential;
import io.offboarder.registry.RegistrySettings.Token;
import io.offboarder.registry.RegistrySettings.User;
import io.offboarder.webex.http.BoundedGet;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.SecretMask;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schemas of a registry with Confluent's REST interface, by their numbers. A schema never
 * changes, so each is asked for once; while the registry does not answer, who needs one waits.
 * Confined to the event loop, but for {@link #read}.
 */
public final class SchemaRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistry.class);
  private static final int PREFIX = 1 + Integer.BYTES;
  private static final int MOST_SCHEMAS = 1_000;
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LAST_RETRY = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final RegistrySettings settings;
  private final BoundedGet client;
  private final AvroJson avro = new AvroJson();
  private final Map<Integer, RecordSchema> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, RecordSchema> eldest) {
              return size() > MOST_SCHEMAS;
            }
          });
  private final Map<Integer, Future<RecordSchema>> asked = new HashMap<>();
  private volatile boolean isAway;
  private final AtomicInteger waiting = new AtomicInteger();

  /** A registry; it is asked once a record needs it. */
  public SchemaRegistry(Vertx vertx, RegistrySettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.client = new BoundedGet(vertx, settings.http());
  }

  /** What a value is behind a schema's number. */
  public sealed interface Content {}

  /** This value, which needs no schema. */
  @SuppressWarnings("ArrayRecordComponent") // Handed on, never kept.
  public record AsJson(byte @Nullable [] value) implements Content {}

  /** Nobody knows before the schema is there. */
  public record Awaited(int schema) implements Content {}

  /**
   * Nothing that is read.
   *
   * @param words what it is
   */
  public record Unreadable(int schema, String words) implements Content {}

  /** Reads a value as far as its schema is known. From any thread; never waits. */
  public Content read(byte @Nullable [] value) {
    if (value == null || value.length < PREFIX || value[0] != 0) {
      return new AsJson(value);
    }
    int id = ByteBuffer.wrap(value, 1, Integer.BYTES).getInt();
    RecordSchema schema = known.get(id);
    if (schema == null) {
      return new Awaited(id);
    }
    if (schema instanceof RecordSchema.Unreadable unreadable) {
      return new Unreadable(id, "was " + unreadable.words());
    }
    if (!(schema instanceof RecordSchema.Avro of)) {
      return new AsJson(value);
    }
    try {
      return new AsJson(avro.convert(value, PREFIX, of.schema()));
    } catch (IOException e) {
      return new Unreadable(id, "was Avro that " + e.getMessage());
    }
  }

  /**
   * Succeeds once the registry has said what the schema is, or that it has none; asks again until
   * then. Fails once it is not wanted any more.
   */
  public Future<Void> await(int id, BooleanSupplier wanted) {
    if (known.containsKey(id)) {
      return Future.succeededFuture();
    }
    Promise<Void> awaited = Promise.promise();
    waiting.incrementAndGet();
    awaited.future().onComplete(end -> waiting.decrementAndGet());
    attempt(id, FIRST_RETRY, wanted, awaited);
    return awaited.future();
  }

  /** Whether records wait because the registry does not say what they need. From any thread. */
  public boolean isAwaited() {
    return isAway && waiting.get() > 0;
  }

  private void attempt(int id, Duration delay, BooleanSupplier wanted, Promise<Void> awaited) {
    asked
        .computeIfAbsent(id, this::ask)
        .onSuccess(schema -> awaited.complete())
        .onFailure(
            failure -> {
              if (!wanted.getAsBoolean()) {
                awaited.fail(failure);
                return;
              }
              Duration next = delay.multipliedBy(2);
              vertx.setTimer(
                  delay.toMillis(),
                  timer ->
                      attempt(
                          id, next.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : next, wanted, awaited));
            });
  }

  /** One request for all who need the schema now. */
  private Future<RecordSchema> ask(int id) {
    Future<RecordSchema> answer =
        authorization()
            .compose(
                access ->
                    request(id, access.map(Access::header))
                        .recover(failure -> Future.failedFuture(masked(failure, access))))
            .compose(response -> understood(id, response));
    answer.onComplete(
        schema -> {
          known.put(id, schema);
          asked.remove(id);
          answered();
        },
        failure -> {
          asked.remove(id);
          unanswered(id, failure);
        });
    return answer;
  }

  private Future<BoundedGet.Answer> request(int id, Optional<String> authorization) {
    String path = settings.http().baseUrl().getRawPath();
    String base = path == null ? "" : path.replaceAll("/+$", "");
    Map<String, String> headers = new HashMap<>();
    headers.put("Accept", "application/vnd.schemaregistry.v1+json, application/json");
    authorization.ifPresent(value -> headers.put("Authorization", value));
    return client.get(base + "/schemas/ids/" + id, headers);
  }

  private static Future<RecordSchema> understood(int id, BoundedGet.Answer answer) {
    return SchemaAnswer.read(answer.status(), answer.text())
        .map(Future::succeededFuture)
        .orElseGet(
            () ->
                Future.failedFuture(
                    new IOException("it answered " + answer.status() + " to schema " + id)));
  }

  /**
   * What a request is sent with.
   *
   * @param secret what of the header nobody may see
   */
  private record Access(String header, String secret) {
    @Override
    public String toString() {
      return "***";
    }
  }

  /** Read again each time, off the loop: a mounted file may be replaced. */
  private Future<Optional<Access>> authorization() {
    return vertx.executeBlocking(
        () -> {
          if (settings.access() instanceof User user) {
            String pair = user.name() + ":" + value(user.password());
            String encoded = java.util.Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
            return Optional.of(new Access("Basic " + encoded, pair));
          }
          if (settings.access() instanceof Token of) {
            String token = value(of.token());
            return Optional.of(new Access("Bearer " + token, token));
          }
          return Optional.empty();
        },
        false);
  }

  /** The words of an answer that cannot be read may repeat what was sent. */
  private static IOException masked(Throwable failure, Optional<Access> access) {
    SecretMask mask = new SecretMask(access.map(Access::secret).stream().toList());
    return new IOException(ErrorMessage.reason(failure, mask));
  }

  private static String value(Credential credential) throws IOException {
    return credential.file() == null
        ? Objects.requireNonNull(credential.value())
        : Files.readString(credential.file()).strip();
  }

  private void answered() {
    if (isAway) {
      isAway = false;
      LOG.info("The schema registry at {} answers again", settings.http().baseUrl());
    }
  }

  private void unanswered(int id, Throwable failure) {
    if (!isAway) {
      isAway = true;
      LOG.error(
          "The schema registry at {} cannot be asked for schema {}: {}; records that need it wait",
          settings.http().baseUrl(),
          id,
          failure.getMessage());
    }
  }

  /** Closes its connections. */
  public void close() {
    client.close();
  }
}
