package io.offboarder;

/** The program's entry point. */
public final class Offboarder {

  private Offboarder() {}

  /**
   * Runs the command line.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    System.out.println("offboarder " + args.length);
  }
}
