package io.offboarder.kafka;

import java.io.Serial;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.security.auth.login.LoginException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** Why Kafka did not do what was asked. The message is one line for a person. */
public final class KafkaFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;
  private static final String SETTINGS = "Kafka's client cannot work with its settings: ";

  private final Kind kind;

  KafkaFailure(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  KafkaFailure(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What kind of trouble it is. */
  public Kind kind() {
    return kind;
  }

  /** Kinds of trouble, by what can be done about them. */
  public enum Kind {
    /** No broker answered in time; may heal by itself. */
    UNREACHABLE,
    /** We do not believe Kafka to be who it says it is, or it does not believe us. */
    AUTHENTICATION,
    /** We are not allowed to. */
    NOT_AUTHORIZED,
    /** The topic does not exist. */
    TOPIC_MISSING,
    /** A record is larger than its topic allows. */
    TOO_LARGE,
    /** A client setting that Kafka or its client refuses. */
    CONFIGURATION,
    /** Anything else; the message has Kafka's own words. */
    OTHER
  }

  /**
   * Translates what a Kafka client threw.
   *
   * @param activity what was being done, as in "while looking for topics"
   */
  static KafkaFailure of(String activity, KafkaSettings settings, Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    for (Throwable e = cause; e != null; e = e.getCause()) {
      KafkaFailure known = known(activity, settings, e);
      if (known != null) {
        return known;
      }
    }
    return new KafkaFailure(
        Kind.OTHER, "Kafka failed while " + activity + ": " + oneLine(cause), cause);
  }

  private static @Nullable KafkaFailure known(
      String activity, KafkaSettings settings, Throwable e) {
    String servers = settings.bootstrapServers();
    if (e instanceof KafkaFailure failure) {
      return failure;
    }
    if (e instanceof SslAuthenticationException) {
      return new KafkaFailure(
          Kind.AUTHENTICATION, "no TLS with Kafka at " + servers + ": " + tlsTrouble(e), e);
    }
    if (e instanceof AuthenticationException) {
      return new KafkaFailure(
          Kind.AUTHENTICATION,
          "Kafka at " + servers + " does not accept our authentication: " + oneLine(e),
          e);
    }
    if (e instanceof AuthorizationException) {
      return new KafkaFailure(
          Kind.NOT_AUTHORIZED, "Kafka does not allow " + activity + ": " + oneLine(e), e);
    }
    if (e instanceof UnknownTopicOrPartitionException) {
      return new KafkaFailure(
          Kind.TOPIC_MISSING, "a topic is missing while " + activity + ": " + oneLine(e), e);
    }
    if (e instanceof RecordTooLargeException) {
      return new KafkaFailure(
          Kind.TOO_LARGE, "a record is too large while " + activity + ": " + oneLine(e), e);
    }
    if (e instanceof ConfigException && String.valueOf(e.getMessage()).contains("resolvable")) {
      return new KafkaFailure(
          Kind.UNREACHABLE,
          "no host of " + servers + " has an address (kafka.bootstrap-servers)",
          e);
    }
    if (e instanceof LoginException) {
      return new KafkaFailure(
          Kind.AUTHENTICATION, "Kafka's client cannot log in: " + oneLine(e), e);
    }
    if (e instanceof IllegalArgumentException) {
      // What it quotes of a JAAS configuration may be part of a password that nobody quoted.
      return new KafkaFailure(
          Kind.CONFIGURATION, SETTINGS + oneLine(e).replaceAll("'[^']*'", "'***'"), e);
    }
    if (e instanceof ConfigException
        || e instanceof InvalidConfigurationException
        || e instanceof UnsupportedVersionException) {
      return new KafkaFailure(Kind.CONFIGURATION, SETTINGS + oneLine(e) + causeOf(e), e);
    }
    if (e instanceof RetriableException) {
      return new KafkaFailure(
          Kind.UNREACHABLE,
          "no broker of "
              + servers
              + " answered within "
              + seconds(settings.patience())
              + " while "
              + activity
              + " (it is away, or expects another security.protocol)",
          e);
    }
    return null;
  }

  private static String seconds(Duration patience) {
    return patience.toMillis() % 1000 == 0
        ? patience.toSeconds() + " s"
        : patience.toMillis() + " ms";
  }

  /** The handshake's own exception says no more than that it failed; its causes say why. */
  private static String tlsTrouble(Throwable e) {
    Throwable root = e;
    boolean distrusted = false;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
      distrusted |= root instanceof CertificateException;
    }
    return (distrusted ? "its certificate is not trusted: " : "") + oneLine(root);
  }

  /** What is beneath an exception, where it adds anything to it. */
  private static String causeOf(Throwable e) {
    Throwable cause = e.getCause();
    return cause == null || oneLine(e).contains(oneLine(cause)) ? "" : " (" + oneLine(cause) + ")";
  }

  /** The first line: what follows it, if anything, is a stack trace that somebody put there. */
  private static String oneLine(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.strip().lines().findFirst().orElse("").replaceAll("\\s+", " ").strip();
  }
}
