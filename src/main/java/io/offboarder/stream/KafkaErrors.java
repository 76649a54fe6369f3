package io.offboarder.stream;

import io.offboarder.stream.StreamFailure.Reason;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** Says which errors of Kafka's clients last, however long one waits. */
final class KafkaErrors {
  private KafkaErrors() {}

  /**
   * The failure to stop with, or null if the error may pass.
   *
   * @param activity what was being done, as in "while publishing"
   */
  static @Nullable StreamFailure failure(String activity, Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof StreamFailure failure) {
        return failure;
      }
      Reason reason = reason(e);
      if (reason != null) {
        return new StreamFailure(
            reason, "Kafka refused while " + activity + ": " + FailureBackoff.oneLine(e), error);
      }
    }
    boolean ours = !(error instanceof KafkaException);
    return ours && !(error instanceof IllegalStateException)
        ? new StreamFailure(
            Reason.INTERNAL,
            "a fault while " + activity + ": " + FailureBackoff.oneLine(error),
            error)
        : null;
  }

  private static @Nullable Reason reason(Throwable e) {
    if (e instanceof AuthorizationException || e instanceof AuthenticationException) {
      return Reason.NOT_AUTHORIZED;
    }
    if (e instanceof ConfigException
        || e instanceof InvalidConfigurationException
        || e instanceof InvalidSessionTimeoutException
        || e instanceof InvalidTopicException
        || e instanceof InvalidOffsetException
        || e instanceof UnsupportedVersionException
        || e instanceof OffsetMetadataTooLarge
        || isMetadataTooLarge(e)) {
      return Reason.CONFIGURATION;
    }
    return null;
  }

  /** Inside a transaction the client reports this one by its text alone. */
  private static boolean isMetadataTooLarge(Throwable e) {
    return e instanceof KafkaException
        && String.valueOf(e.getMessage()).contains("metadata field of the offset request was too");
  }
}
