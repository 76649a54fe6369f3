package io.offboarder.intake;

import java.util.Locale;

/** What a rule makes of a record. */
enum Action {
  TERMINATE("user-terminated"),
  DECOMMISSION("app-decommissioned"),
  RESCIND_TERMINATION("user-termination-rescinded"),
  RESCIND_DECOMMISSION("app-decommission-rescinded"),
  /** Nothing: the record is none of this service's business. */
  IGNORE("");

  private final String eventType;

  Action(String eventType) {
    this.eventType = eventType;
  }

  /** The type of the event that it makes; empty where it makes none. */
  String eventType() {
    return eventType;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
