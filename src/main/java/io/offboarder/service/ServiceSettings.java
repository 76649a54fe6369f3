package io.offboarder.service;

import io.offboarder.event.DecoderSettings;
import io.offboarder.guard.GuardSettings;
import io.offboarder.policy.PolicySettings;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.signature.SignatureSettings;
import io.offboarder.stream.StreamSettings;
import io.offboarder.webex.WebexSettings;
import java.time.Duration;
import java.util.Set;

/**
 * All settings of the service.
 *
 * @param cases where what waits is kept
 * @param deadLetters the ends after which the input is kept on the dead-letter topic
 * @param signatures where events must be signed, and by whom
 * @param decoder what the decoder adds to what an event says
 * @param policy what is decided by configuration
 * @param stopTimeout how long a stop waits for what is in flight
 * @param privacy how people are named in logs and outcomes
 * @param intake how records in other systems' forms are read
 * @param guard how many may be touched within a time; counts nothing without a journal
 * @param maxAuthorizations how many authorizations all events together may hold in memory
 */
public record ServiceSettings(
    StreamSettings stream,
    WebexSettings webex,
    String outcomeTopic,
    String deadLetterTopic,
    CaseSettings cases,
    Set<Status> deadLetters,
    SignatureSettings signatures,
    DecoderSettings decoder,
    PolicySettings policy,
    Duration stopTimeout,
    Privacy privacy,
    IntakeSettings intake,
    GuardSettings guard,
    int maxAuthorizations) {

  /** The ends that are kept unless the configuration says otherwise. */
  public static final Set<Status> USUAL_DEAD_LETTERS =
      Set.of(Status.REJECTED, Status.FAILED, Status.PARTIALLY_REVOKED, Status.SUBJECT_NOT_FOUND);

  /** What one costs while it is deleted, and how much of the heap all of them may cost. */
  private static final long HEAP_BYTES_PER_AUTHORIZATION = 8 << 10;

  /** Copies the set. */
  public ServiceSettings {
    if (maxAuthorizations < 1) {
      throw new IllegalArgumentException(
          "maxAuthorizations is " + maxAuthorizations + "; expected at least 1");
    }
    deadLetters = Set.copyOf(deadLetters);
  }

  /** How many authorizations all events together may hold where the heap has so many bytes. */
  public static int authorizationsThatFit(long heapBytes) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, heapBytes / HEAP_BYTES_PER_AUTHORIZATION));
  }

  /** Settings with the usual values of all that is not named here. */
  public static Builder builder(
      StreamSettings stream,
      WebexSettings webex,
      String outcomeTopic,
      String deadLetterTopic,
      CaseSettings cases) {
    return new Builder(stream, webex, outcomeTopic, deadLetterTopic, cases);
  }

  /** These settings, to be changed in part. */
  public Builder toBuilder() {
    return new Builder(stream, webex, outcomeTopic, deadLetterTopic, cases)
        .deadLetters(deadLetters)
        .signatures(signatures)
        .decoder(decoder)
        .policy(policy)
        .stopTimeout(stopTimeout)
        .privacy(privacy)
        .intake(intake)
        .guard(guard)
        .maxAuthorizations(maxAuthorizations);
  }

  /** Settings in the making; each method replaces one of them. For one thread. */
  public static final class Builder {
    private final String outcomeTopic;
    private final String deadLetterTopic;
    private StreamSettings stream;
    private WebexSettings webex;
    private CaseSettings cases;
    private Set<Status> deadLetters = USUAL_DEAD_LETTERS;
    private SignatureSettings signatures = SignatureSettings.NONE;
    private DecoderSettings decoder = DecoderSettings.defaults();
    private PolicySettings policy = PolicySettings.defaults();
    private Duration stopTimeout = Duration.ofSeconds(5);
    private Privacy privacy = Privacy.NONE;
    private IntakeSettings intake = IntakeSettings.NONE;
    private GuardSettings guard = GuardSettings.OFF;
    private int maxAuthorizations = authorizationsThatFit(Runtime.getRuntime().maxMemory());

    private Builder(
        StreamSettings stream,
        WebexSettings webex,
        String outcomeTopic,
        String deadLetterTopic,
        CaseSettings cases) {
      this.stream = stream;
      this.webex = webex;
      this.outcomeTopic = outcomeTopic;
      this.deadLetterTopic = deadLetterTopic;
      this.cases = cases;
    }

    /** The engine. */
    public Builder stream(StreamSettings value) {
      stream = value;
      return this;
    }

    /** The API. */
    public Builder webex(WebexSettings value) {
      webex = value;
      return this;
    }

    /** Where what waits is kept. */
    public Builder cases(CaseSettings value) {
      cases = value;
      return this;
    }

    /** The ends after which the input is kept. */
    public Builder deadLetters(Set<Status> value) {
      deadLetters = value;
      return this;
    }

    /** Where events must be signed. */
    public Builder signatures(SignatureSettings value) {
      signatures = value;
      return this;
    }

    /** What the decoder adds. */
    public Builder decoder(DecoderSettings value) {
      decoder = value;
      return this;
    }

    /** What is decided by configuration. */
    public Builder policy(PolicySettings value) {
      policy = value;
      return this;
    }

    /** How long a stop waits. */
    public Builder stopTimeout(Duration value) {
      stopTimeout = value;
      return this;
    }

    /** How people are named. */
    public Builder privacy(Privacy value) {
      privacy = value;
      return this;
    }

    /** How other records are read. */
    public Builder intake(IntakeSettings value) {
      intake = value;
      return this;
    }

    /** How many may be touched. */
    public Builder guard(GuardSettings value) {
      guard = value;
      return this;
    }

    /** How many authorizations may be held in memory. */
    public Builder maxAuthorizations(int value) {
      maxAuthorizations = value;
      return this;
    }

    /** The settings as they are now. */
    public ServiceSettings build() {
      return new ServiceSettings(
          stream,
          webex,
          outcomeTopic,
          deadLetterTopic,
          cases,
          deadLetters,
          signatures,
          decoder,
          policy,
          stopTimeout,
          privacy,
          intake,
          guard,
          maxAuthorizations);
    }
  }
}
