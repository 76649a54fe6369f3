package io.offboarder.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Prints what every {@link Report} of a {@code mvn -Pproof verify} has kept, in one go. */
public final class Proof {
  private Proof() {}

  /** Takes no arguments. */
  public static void main(String[] args) throws IOException {
    try (Stream<Path> files = Files.list(Report.DIRECTORY)) {
      List<Path> all = files.sorted().toList();
      System.out.println();
      for (Path file : all) {
        System.out.println(Files.readString(file));
      }
      System.out.println(all.size() + " tables, kept in " + Report.DIRECTORY);
    }
  }
}
