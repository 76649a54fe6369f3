package io.offboarder.guard;

import io.offboarder.guard.GuardKey.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A case whose deletes are about to begin.
 *
 * @param org null where it is not known
 * @param released whether a person has let it through
 */
public record GuardedCase(String caseId, Kind kind, @Nullable String org, boolean released) {}
