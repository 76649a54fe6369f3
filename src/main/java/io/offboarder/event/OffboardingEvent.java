package io.offboarder.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event that was understood. */
public sealed interface OffboardingEvent permits UserTerminated, AppDecommissioned, Rescinded {

  /** What kind of event it is. */
  EventType type();

  /** The envelope's attributes. */
  EventAttributes attributes();

  /** Whom or what the event is about. */
  Subject subject();

  /** When it takes effect; null where the event does not say, which means at once. */
  @Nullable EffectiveTime effective();

  /** What was said beside that, for people; null where nothing was. */
  @Nullable String reason();

  /** Whether the event is to be acted on, or only asks what would be done. */
  Execution execution();

  /** What was odd about the event, and yet understood. */
  List<String> notes();

  /**
   * What events are ordered by and outcomes are keyed by: the person's id, else the e-mail address
   * in lower case; the app's client id; of an event that takes back another and names no subject,
   * that other's id.
   */
  String key();
}
