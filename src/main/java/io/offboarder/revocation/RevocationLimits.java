package io.offboarder.revocation;

import java.time.Duration;

/**
 * How long a revocation goes on.
 *
 * @param maxEventTime from the first list, after which no further round of deletes begins
 * @param relistBackoff how long a list may lag behind the deletes
 */
record RevocationLimits(Duration maxEventTime, RelistBackoff relistBackoff) {}
