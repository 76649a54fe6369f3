package io.offboarder;

import io.offboarder.cli.OffboarderCommand;
import io.offboarder.config.ConfigReader;

/** The program's entry point. */
public final class Offboarder {

  private Offboarder() {}

  /**
   * Runs a command and exits with its code.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    System.exit(OffboarderCommand.create(ConfigReader.ofProcess()).execute(args));
  }
}
