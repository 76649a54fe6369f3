package io.offboarder.webex.http;

import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The ids that join one of our requests to Cisco's logs. A client may name its own; the real API
 * sends it back twice, joined by a comma.
 */
public final class TrackingIds {

  private static final int LONGEST = 200;

  private TrackingIds() {}

  /** A new id: a random UUID. */
  public static String create(RandomGenerator random) {
    // Version 4, variant 2, as RFC 9562 lays them out.
    long high = (random.nextLong() & 0xFFFFFFFFFFFF0FFFL) | 0x4000L;
    long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return "OFFBOARDER_" + new UUID(high, low);
  }

  static String received(@Nullable String header, String sent) {
    if (header == null) {
      return sent;
    }
    int comma = header.indexOf(',');
    String first = (comma < 0 ? header : header.substring(0, comma)).strip();
    return first.isEmpty() || first.length() > LONGEST ? sent : first;
  }
}
