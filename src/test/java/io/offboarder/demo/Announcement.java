package io.offboarder.demo;

/** Prints its arguments as a line. Run from its source, before anything is compiled. */
final class Announcement {
  private Announcement() {}

  public static void main(String[] words) {
    System.out.println(String.join(" ", words));
  }
}
