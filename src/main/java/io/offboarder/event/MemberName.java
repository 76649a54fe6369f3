package io.offboarder.event;

import java.util.Set;

/** What a member's name means. */
final class MemberName {
  static final String DRY_RUN = "dryRun";
  static final String EFFECTIVE_AT = "effectiveAt";

  /** Overlooked, each of them would have something done that cannot be undone. */
  private static final Set<String> READ_IN_ANY_SPELLING = Set.of(DRY_RUN, EFFECTIVE_AT);

  private MemberName() {}

  /** Whether a name is that of a member, or could be meant for one that must not be overlooked. */
  static boolean means(String name, String member) {
    return name.equals(member)
        || (READ_IN_ANY_SPELLING.contains(member) && isMisspelt(name, member));
  }

  /** Whether a name is another spelling of a member's, as {@code dry_run} and {@code DryRun}. */
  static boolean isMisspelt(String name, String member) {
    return name.length() >= member.length()
        && name.length() <= member.length() + 2
        && Character.toLowerCase(name.charAt(0)) == Character.toLowerCase(member.charAt(0))
        && !name.equals(member)
        && name.replaceAll("[ ._-]", "").equalsIgnoreCase(member);
  }
}
