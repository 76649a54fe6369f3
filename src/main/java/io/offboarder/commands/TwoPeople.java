package io.offboarder.commands;

import io.offboarder.commands.PersonsCommand.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets a release or discard of a case count only when a second person has said the same, in time.
 * All that have read as far come to the same answer: it goes by the topic's own times alone. For
 * one thread.
 */
public final class TwoPeople {
  private final Duration expiresAfter;

  /** By what is said of which case: the first word, the oldest first. */
  private final LinkedHashMap<About, Said> first = new LinkedHashMap<>();

  private Instant now = Instant.MIN;

  private record About(Verb verb, String caseId) {}

  /**
   * Nothing was said yet.
   *
   * @param expiresAfter how long a first word waits for a second one
   */
  public TwoPeople(Duration expiresAfter) {
    this.expiresAfter = expiresAfter;
  }

  /**
   * Somebody has said something of cases.
   *
   * @return the first word of each of its cases of which two people have now said the same
   */
  public Map<String, Said> heard(Said said) {
    now = said.at().isAfter(now) ? said.at() : now;
    first.values().removeIf(one -> !one.at().plus(expiresAfter).isAfter(now));
    Map<String, Said> agreed = new HashMap<>();
    for (String caseId : said.command().cases()) {
      About about = new About(said.command().verb(), caseId);
      Said before = first.remove(about);
      if (before == null || isSamePerson(before.command().by(), said.command().by())) {
        first.put(about, said);
      } else {
        agreed.put(caseId, before);
      }
    }
    return agreed;
  }

  /** Whether two names are taken for one person's. */
  public static boolean isSamePerson(String one, String other) {
    return one.strip().equalsIgnoreCase(other.strip());
  }

  /** The first word on a case that waits for a second one at a time; null where none does. */
  public @Nullable Said waiting(Verb verb, String caseId, Instant at) {
    Said one = first.get(new About(verb, caseId));
    return one != null && one.at().plus(expiresAfter).isAfter(at) ? one : null;
  }

  /** When a first word counts no more. */
  public Instant expiry(Said one) {
    return one.at().plus(expiresAfter);
  }

  /** Hears all of these that are about cases. */
  public void heardAll(List<Said> all) {
    for (Said one : all) {
      if (one.command().verb() == Verb.RELEASE || one.command().verb() == Verb.DISCARD) {
        heard(one);
      }
    }
  }
}
