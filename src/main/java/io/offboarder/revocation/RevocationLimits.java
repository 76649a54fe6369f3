package io.offboarder.revocation;

import java.time.Duration;

/**
 * How long a revocation goes on.
 *
 * @param maxEventTime from the first list, after which no further round of deletes begins
 * @param mostAuthorizations after so many that were listed, or noted by earlier attempts, no
 *     further round begins: each is kept in memory and named in the outcome
 * @param relistBackoff how long a list may lag behind the deletes
 */
record RevocationLimits(
    Duration maxEventTime, int mostAuthorizations, RelistBackoff relistBackoff) {
  /** Five whole lists; their outcome takes some 25 MB. */
  static final int MOST_AUTHORIZATIONS = 50_000;
}
