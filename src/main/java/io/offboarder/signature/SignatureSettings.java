package io.offboarder.signature;

import java.util.List;
import java.util.Set;

/**
 * Which topics hold signed events alone, and whose keys count.
 *
 * @param topics whose events must be signed; none switches the check off
 * @param keySets the keys that count
 * @param tokens which security event tokens count
 */
public record SignatureSettings(Set<String> topics, List<KeySet> keySets, TokenSettings tokens) {

  /** Nothing has to be signed. */
  public static final SignatureSettings NONE =
      new SignatureSettings(Set.of(), List.of(), TokenSettings.NONE);

  /** Copies both collections. */
  public SignatureSettings {
    topics = Set.copyOf(topics);
    keySets = List.copyOf(keySets);
  }
}
