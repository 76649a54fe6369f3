package io.offboarder.intake;

/**
 * A text for a regular expression to search: each character that is looked at costs, because an
 * expression that tracks back looks at one character without end.
 */
final class BoundedText implements CharSequence {
  private static final int LOOKS_A_STEP = 16;

  private final String text;
  private final Budget budget;
  private int looks;

  BoundedText(String text, Budget budget) {
    this.text = text;
    this.budget = budget;
  }

  @Override
  public char charAt(int index) {
    if (++looks == LOOKS_A_STEP) {
      looks = 0;
      budget.spend(1);
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
