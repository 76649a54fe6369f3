package io.offboarder.event;

/** An event that was understood. */
public sealed interface OffboardingEvent permits UserTerminated, AppDecommissioned {

  /** The envelope's attributes. */
  EventAttributes attributes();

  /** Whom or what the event is about. */
  Subject subject();

  /**
   * What events are ordered by and outcomes are keyed by: the person's id, else the e-mail address
   * in lower case; the app's client id.
   */
  String key();
}
