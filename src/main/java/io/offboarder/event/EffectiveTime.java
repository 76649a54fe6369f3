package io.offboarder.event;

import java.time.Instant;

/**
 * When an event takes effect. The event carries it; whether that moment has come is judged right
 * before the event is acted on.
 *
 * @param at the moment
 * @param field the member that said so, for messages
 */
public record EffectiveTime(Instant at, String field) {}
