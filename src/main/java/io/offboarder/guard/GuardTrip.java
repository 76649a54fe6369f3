package io.offboarder.guard;

import io.offboarder.guard.GuardKey.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A person has everything held that has not gone before, of every org.
 *
 * @param id of the command; a second copy of it has no effect
 * @param kind null for all
 */
public record GuardTrip(String id, @Nullable Kind kind) {
  boolean isAbout(Kind one) {
    return kind == null || kind == one;
  }
}
