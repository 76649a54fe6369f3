package io.offboarder.event;

import org.jspecify.annotations.Nullable;

/** Whom or what an event names; of an event that was not understood, as much as is well-formed. */
public record Subject(
    @Nullable String personId,
    @Nullable String personEmail,
    @Nullable String clientId,
    @Nullable String orgId) {

  /** Nothing is known. */
  public static final Subject UNKNOWN = new Subject(null, null, null, null);
}
