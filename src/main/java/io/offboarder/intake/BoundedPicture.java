package io.offboarder.intake;

import io.offboarder.intake.Budget.SpentException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A picture of a date, as {@code $toMillis} and {@code $fromMillis} take it. The library builds a
 * text as wide as the picture says, and reads one by a regular expression made of the picture; both
 * run without steps, so they are only let run where they end soon.
 */
final class BoundedPicture {
  private static final int LONGEST = 200;
  private static final int LONGEST_DATE = 100;
  private static final int MOST_SPLITS = 100_000;

  /** Its first group is the component, its second the rest of the marker. */
  private static final Pattern PART =
      Pattern.compile("\\[\\[|\\[\\s*([^\\]\\[\\s])([^\\]]*)]|[^\\[]+");

  private static final Pattern WIDE = Pattern.compile(",[^\\]]*[0-9]{3}");

  private final String picture;

  private BoundedPicture(String picture) {
    this.picture = picture;
  }

  /** Requires that a text which this picture makes is short. */
  static void requireShort(String picture) {
    new BoundedPicture(picture).requireShort();
  }

  /** Requires that a text is read by this picture soon. */
  static void requireReadable(String picture, String date) {
    BoundedPicture its = new BoundedPicture(picture);
    its.requireShort();
    its.requireFewSplits(date.length());
  }

  private void requireShort() {
    if (picture.length() > LONGEST) {
      throw new SpentException("has a picture of more than " + LONGEST + " characters");
    }
    if (WIDE.matcher(picture).find()) {
      throw new SpentException("has a picture with a width of more than 99");
    }
  }

  /**
   * Where components follow each other with nothing between that tells where one ends, the regular
   * expression tries each way to split the text between them.
   */
  private void requireFewSplits(int length) {
    if (length > LONGEST_DATE) {
      throw new SpentException("reads a date of more than " + LONGEST_DATE + " characters");
    }
    long splits = 1;
    Matcher part = PART.matcher(picture);
    while (part.find()) {
      if (part.group(1) != null && !endsByItself(part)) {
        splits *= ways(part.group(1), part.group(2), length);
        if (splits > MOST_SPLITS) {
          throw new SpentException("has a picture that can be read in too many ways");
        }
      }
    }
  }

  /** What follows is the end, or a character that no component has. */
  private boolean endsByItself(Matcher part) {
    if (part.end() == picture.length()) {
      return true;
    }
    if (part.group(2).contains("w") || part.group(2).contains("W")) {
      return false; // Words have commas, dashes and spaces.
    }
    char next = picture.charAt(part.end());
    return switch (next) {
      case '[' -> false;
      case '+', '-' -> "YMDdHhmsf".contains(part.group(1));
      default -> !Character.isLetterOrDigit(next);
    };
  }

  private static int ways(String component, String presentation, int length) {
    boolean digits = presentation.isEmpty() || Character.isDigit(presentation.charAt(0));
    if (digits && component.equals("Y")) {
      return 3;
    }
    return digits && "MDHhms".contains(component) ? 2 : Math.max(1, length);
  }
}
