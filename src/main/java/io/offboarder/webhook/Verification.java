package io.offboarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.MultiMap;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** How an endpoint knows who has sent a request. */
public sealed interface Verification {

  /** A security event token (RFC 8417), which is signed in itself. */
  record SignedToken() implements Verification {}

  /**
   * A header that holds a shared secret. It says who sends, and nothing of what is sent.
   *
   * @param header its name
   * @param scheme how the secret stands in it
   * @param user who it belongs to; for {@link Scheme#BASIC} alone
   */
  record SharedSecret(String header, Scheme scheme, @Nullable String user, SecretFile secret)
      implements Verification {

    /** How a secret stands in a header. */
    public enum Scheme {
      /** By itself. */
      PLAIN,
      /** After {@code Bearer}. */
      BEARER,
      /** With a user's name, in Base64, after {@code Basic}. */
      BASIC
    }

    /** Says what is wrong; takes as long whichever character is. */
    Optional<Refusal> check(MultiMap headers) {
      List<String> given = headers.getAll(header);
      if (given.size() != 1) {
        return Optional.of(
            Refusal.unauthenticated("the header " + header + " is missing, or there twice"));
      }
      return MessageDigest.isEqual(expected(), given.get(0).getBytes(UTF_8))
          ? Optional.empty()
          : Optional.of(Refusal.unauthenticated("the header " + header + " is not as expected"));
    }

    private byte[] expected() {
      String value = new String(secret.value(), UTF_8);
      String text =
          switch (scheme) {
            case PLAIN -> value;
            case BEARER -> "Bearer " + value;
            case BASIC ->
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + value).getBytes(UTF_8));
          };
      return text.getBytes(UTF_8);
    }
  }

  /**
   * An HMAC over the body.
   *
   * @param maxAge how far a timestamp may be from now, where the form has one
   */
  record Hmac(HmacForm form, Duration maxAge, SecretFile secret) implements Verification {

    /** Says what is wrong with a signature. */
    Optional<Refusal> check(MultiMap headers, byte[] body, Clock clock) {
      Optional<String> signature = one(headers, form.header());
      if (signature.isEmpty() || !signature.get().startsWith(form.prefix())) {
        return refused("the header " + form.header() + " has no signature");
      }
      String timestamp = "";
      if (form.timestampHeader() != null) {
        Optional<String> given = one(headers, form.timestampHeader());
        if (given.isEmpty()) {
          return refused("the header " + form.timestampHeader() + " is missing");
        }
        timestamp = given.get();
        if (!isRecent(timestamp, clock.instant())) {
          return refused(
              "the header "
                  + form.timestampHeader()
                  + " is no time within "
                  + maxAge.toSeconds()
                  + " s of now");
        }
      }
      return holds(signature.get().substring(form.prefix().length()), timestamp, body)
          ? Optional.empty()
          : refused("the signature in " + form.header() + " does not hold for this body");
    }

    private static Optional<Refusal> refused(String description) {
      return Optional.of(Refusal.unauthenticated(description));
    }

    private static Optional<String> one(MultiMap headers, String name) {
      List<String> given = headers.getAll(name);
      return given.size() == 1 ? Optional.of(given.get(0).strip()) : Optional.empty();
    }

    private boolean isRecent(String timestamp, Instant now) {
      try {
        long number = Long.parseLong(timestamp);
        Instant sent =
            number > MOST_SECONDS ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number);
        return Duration.between(sent, now).abs().compareTo(maxAge) <= 0;
      } catch (NumberFormatException | DateTimeException | ArithmeticException noTime) {
        return false;
      }
    }

    private boolean holds(String signature, String timestamp, byte[] body) {
      try {
        Mac mac = Mac.getInstance(form.algorithm());
        mac.init(new SecretKeySpec(secret.value(), form.algorithm()));
        mac.update(form.before(timestamp));
        mac.update(body);
        mac.update(form.after(timestamp));
        return MessageDigest.isEqual(mac.doFinal(), form.encoding().decode(signature));
      } catch (IllegalArgumentException notInItsEncoding) {
        return false;
      } catch (NoSuchAlgorithmException | InvalidKeyException e) {
        throw new IllegalStateException(form.algorithm() + " is part of every JDK", e);
      }
    }

    /**
     * The largest number that is taken for seconds (the year 5138); larger ones are milliseconds.
     */
    private static final long MOST_SECONDS = 99_999_999_999L;
  }
}
