package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An exit code")
class ExitCodeTest {
  @Test
  @DisplayName("has one meaning")
  void unique() {
    assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::code)).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("of a JVM that ran out of memory is its own")
  void outOfMemory() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx16m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Hoard.class.getName())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ExitCode.OUT_OF_MEMORY.code());
  }

  /** Takes more memory than there is. */
  static final class Hoard {
    private Hoard() {}

    public static void main(String[] arguments) {
      byte[][] hoard = new byte[64][];
      for (int i = 0; i < hoard.length; i++) {
        hoard[i] = new byte[1 << 20];
      }
    }
  }
}
