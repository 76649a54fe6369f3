package io.offboarder.revocation;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which address each person was last asked for by. An API, or a gateway before it, that loses the
 * question would name one person for every address, and that person's authorizations would go with
 * each leaver. Confined to the flow's event loop; remembers the most recent ones, in memory alone.
 */
final class KnownAddresses {
  private static final int MOST = 10_000;

  private final Map<String, String> byPerson =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Whether a person, named in a list that was asked for by this address, was named for another one
   * before; if not, they are remembered by this.
   */
  boolean isAnothers(String person, String address) {
    String asked = address.toLowerCase(Locale.ROOT);
    String before = byPerson.putIfAbsent(person, asked);
    return before != null && !before.equals(asked);
  }
}
