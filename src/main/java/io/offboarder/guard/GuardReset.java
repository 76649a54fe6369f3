package io.offboarder.guard;

import io.offboarder.guard.GuardKey.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A person lets a tripped guard begin again.
 *
 * @param id of the command; a second copy of it has no effect
 * @param kind null for all
 * @param org null for all
 */
public record GuardReset(String id, @Nullable Kind kind, @Nullable String org) {
  boolean isAbout(GuardKey key) {
    return (kind == null || kind == key.kind()) && (org == null || org.equals(key.org()));
  }
}
