package io.offboarder.event;

import org.jspecify.annotations.Nullable;

/**
 * What the decoder adds to what an event says.
 *
 * @param defaultOrgId the org of a retired app whose event names none; null if every event must
 */
public record DecoderSettings(@Nullable String defaultOrgId) {}
