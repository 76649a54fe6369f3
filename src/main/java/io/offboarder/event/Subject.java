package io.offboarder.event;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whom or what an event names; of an event that was not understood, as much as is well-formed. */
public record Subject(
    @Nullable String personId,
    @Nullable String personEmail,
    @Nullable String clientId,
    @Nullable String orgId) {

  /** Nothing is known. */
  public static final Subject UNKNOWN = new Subject(null, null, null, null);

  /** What stands for it as a key, whichever event names it; null if nothing does. */
  public @Nullable String key() {
    if (personId != null) {
      return personId;
    }
    return personEmail == null ? clientId : personEmail.toLowerCase(Locale.ROOT);
  }
}
