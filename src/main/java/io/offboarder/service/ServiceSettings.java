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
 * @param intake how records are read that are no events of ours
 * @param guard how many may be touched within a time; counts nothing without a journal
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
    GuardSettings guard) {

  /** The ends that are kept unless the configuration says otherwise. */
  public static final Set<Status> USUAL_DEAD_LETTERS =
      Set.of(Status.REJECTED, Status.FAILED, Status.PARTIALLY_REVOKED, Status.SUBJECT_NOT_FOUND);

  /** Copies the set. */
  public ServiceSettings {
    deadLetters = Set.copyOf(deadLetters);
  }

  /** Settings for senders that publish events of ours. */
  public ServiceSettings(
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
      Privacy privacy) {
    this(
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
        IntakeSettings.NONE,
        GuardSettings.OFF);
  }

  /** The same with this engine. */
  public ServiceSettings with(StreamSettings other) {
    return new ServiceSettings(
        other,
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
        guard);
  }

  /** The same with these bounds. */
  public ServiceSettings with(GuardSettings bounds) {
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
        bounds);
  }

  /** The same with records read so. */
  public ServiceSettings with(IntakeSettings reading) {
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
        reading,
        guard);
  }

  /** The same where what waits is kept so. */
  public ServiceSettings with(CaseSettings keeping) {
    return new ServiceSettings(
        stream,
        webex,
        outcomeTopic,
        deadLetterTopic,
        keeping,
        deadLetters,
        signatures,
        decoder,
        policy,
        stopTimeout,
        privacy,
        intake,
        guard);
  }

  /** The same with this policy. */
  public ServiceSettings with(PolicySettings other) {
    return new ServiceSettings(
        stream,
        webex,
        outcomeTopic,
        deadLetterTopic,
        cases,
        deadLetters,
        signatures,
        decoder,
        other,
        stopTimeout,
        privacy,
        intake,
        guard);
  }
}
