package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Figures on a terminal")
class FiguresTest {

  @Test
  @DisplayName("show how far something has come, as a bar of one width")
  void bar() {
    assertThat(Figures.bar(0, 0)).isEqualTo("[####################] 0 of 0");
    assertThat(Figures.bar(0, 3)).isEqualTo("[                    ] 0 of 3");
    assertThat(Figures.bar(1_234, 4_936)).isEqualTo("[#####               ] 1,234 of 4,936");
    assertThat(Figures.bar(2_000_000_000, 2_000_000_001)).startsWith("[################### ] ");
    assertThat(Figures.bar(7, 7)).isEqualTo("[####################] 7 of 7");
  }
}
