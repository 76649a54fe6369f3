package io.offboarder.signature;

import com.nimbusds.jose.jwk.JWKSet;
import io.offboarder.webex.http.BoundedGet;
import io.offboarder.webex.http.HttpSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One sender's key set: when it is read, and for how long it counts. All who wait for it share one
 * reading, which has a bound of time, and none of them holds a thread meanwhile. Confined to an
 * event loop.
 */
final class KeySource {
  /** A key that was taken out of the set counts for no longer. */
  private static final Duration KEEP = Duration.ofMinutes(5);

  private static final Duration KEEP_IN_OUTAGE = Duration.ofDays(1);

  /** After a reading that failed, while there are no keys at all. */
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

  private static final int MAX_BYTES = 512 << 10;

  private final Vertx vertx;
  private final KeySet set;
  private final Duration betweenReadings;
  private final @Nullable BoundedGet http;
  private @Nullable JWKSet keys;
  private long readAt;
  private @Nullable Long begunAt;
  private @Nullable Future<JWKSet> reading;
  private Throwable lastFailure = new IllegalStateException("never read");

  /** Reads nothing yet. */
  KeySource(Vertx vertx, KeySet set, ReadingLimits limits) {
    this.vertx = vertx;
    this.set = set;
    this.betweenReadings = limits.betweenReadings();
    this.http = set.isFile() ? null : new BoundedGet(vertx, settings(set, limits));
  }

  /**
   * How often and how long key sets are read.
   *
   * @param betweenReadings at least, also where an unknown key is asked for
   * @param connect for a connection
   * @param whole from the request to the last byte
   */
  record ReadingLimits(Duration betweenReadings, Duration connect, Duration whole) {
    static final ReadingLimits USUAL =
        new ReadingLimits(Duration.ofSeconds(30), Duration.ofSeconds(2), Duration.ofSeconds(5));
  }

  private static HttpSettings settings(KeySet set, ReadingLimits limits) {
    URI server = URI.create(set.location().getProtocol() + "://" + set.location().getAuthority());
    return new HttpSettings(
        server,
        new HttpSettings.Timeouts(limits.connect(), limits.whole(), limits.whole()),
        MAX_BYTES,
        HttpSettings.Network.DIRECT);
  }

  /** Whose keys these are. */
  KeySet set() {
    return set;
  }

  /**
   * The keys, read again where they are old. Fails with a {@link KeysUnavailableException} where
   * there are none that may still count.
   */
  Future<JWKSet> current() {
    JWKSet last = keys;
    if (last != null && since(readAt).compareTo(KEEP) < 0) {
      return Future.succeededFuture(last);
    }
    if (last == null || since(readAt).compareTo(KEEP_IN_OUTAGE) >= 0) {
      boolean seldom = betweenReadings.compareTo(BETWEEN_ATTEMPTS) > 0;
      return readUnlessWithin(seldom ? BETWEEN_ATTEMPTS : betweenReadings)
          .recover(failure -> Future.failedFuture(new KeysUnavailableException(set, failure)));
    }
    return readUnlessWithin(betweenReadings).otherwise(last);
  }

  private Future<JWKSet> readUnlessWithin(Duration between) {
    return untilReading(between).isZero() || reading != null
        ? read()
        : Future.failedFuture(lastFailure);
  }

  /**
   * Keys that were read later than these, because these lack one. Waits for the time of the next
   * reading, and fails with a {@link KeysUnavailableException} where that fails.
   */
  @SuppressWarnings("ReferenceEquality") // A later reading may have found the same keys.
  Future<JWKSet> later(JWKSet than) {
    JWKSet last = keys;
    if (last != null && last != than) {
      return Future.succeededFuture(last);
    }
    Duration rest = untilReading(betweenReadings);
    if (rest.isZero() || reading != null) {
      return read()
          .recover(failure -> Future.failedFuture(new KeysUnavailableException(set, failure)));
    }
    return vertx.timer(rest.toMillis() + 1, TimeUnit.MILLISECONDS).compose(passed -> later(than));
  }

  /** Whether {@link #later} would have to wait for the time of the next reading. */
  boolean isJustRead() {
    return reading == null && !untilReading(betweenReadings).isZero();
  }

  private Duration untilReading(Duration between) {
    Duration rest = begunAt == null ? Duration.ZERO : between.minus(since(begunAt));
    return rest.isNegative() ? Duration.ZERO : rest;
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private Future<JWKSet> read() {
    if (reading != null) {
      return reading;
    }
    begunAt = System.nanoTime();
    Future<JWKSet> begun = (http == null ? file() : document(http)).compose(KeySource::parse);
    reading = begun;
    begun.onComplete(
        read -> {
          reading = null;
          keys = read;
          readAt = System.nanoTime();
        },
        failure -> {
          reading = null;
          lastFailure = failure;
        });
    return begun;
  }

  private Future<String> file() {
    return vertx.executeBlocking(
        () -> {
          Path file = Path.of(set.location().toURI());
          if (Files.size(file) > MAX_BYTES) {
            throw new IOException("it has more than " + MAX_BYTES + " bytes");
          }
          return Files.readString(file, StandardCharsets.UTF_8);
        },
        false);
  }

  private Future<String> document(BoundedGet server) {
    String file = set.location().getFile();
    return server
        .get(file.startsWith("/") ? file : "/" + file, Map.of("Accept", "application/json"))
        .compose(
            answer ->
                answer.status() == 200
                    ? Future.succeededFuture(answer.text())
                    : Future.failedFuture(new IOException("it answered " + answer.status())));
  }

  private static Future<JWKSet> parse(String text) {
    try {
      return Future.succeededFuture(JWKSet.parse(text));
    } catch (ParseException | IllegalArgumentException noKeySet) {
      return Future.failedFuture(noKeySet);
    }
  }
}
