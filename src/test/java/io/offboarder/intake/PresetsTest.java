package io.offboarder.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.yaml.YamlNode;
import io.offboarder.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("The presets")
class PresetsTest {
  private static final EventDecoder DECODER =
      new EventDecoder(
          new DecoderSettings("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8x", ZoneOffset.UTC));

  @Test
  @DisplayName("are all listed in the index")
  void listed() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/intake/presets"))) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".yaml"))
              .map(name -> name.replace(".yaml", ""))
              .sorted()
              .toList();
      assertThat(Preset.names()).containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @TestFactory
  @DisplayName("make of each of their samples what the sample says")
  Stream<DynamicTest> samples() {
    return Preset.names().stream()
        .map(name -> Preset.find(name).orElseThrow())
        .flatMap(
            preset ->
                preset.samples().stream()
                    .map(
                        sample ->
                            DynamicTest.dynamicTest(
                                preset.name() + ": " + sample.name(),
                                () -> {
                                  Intake intake =
                                      new Intake(preset.rulesFor(sample), DECODER, ZoneOffset.UTC);
                                  assertThat(
                                          sample.differences(
                                              intake.read(sample.record()), preset.name() + "/"))
                                      .isEmpty();
                                })));
  }

  @TestFactory
  @DisplayName("leave events of ours to be read as such")
  Stream<DynamicTest> ours() {
    return Preset.names().stream()
        .map(name -> Preset.find(name).orElseThrow())
        .map(
            preset ->
                DynamicTest.dynamicTest(
                    preset.name(),
                    () -> {
                      Sample ours =
                          Sample.read(
                              YamlNode.of(
                                  "sample",
                                  YamlText.load(
                                      "{name: ours, value: {id: '1', type: user-terminated, data:"
                                          + " {personEmail: ann@example.com}}, expect: {unmatched:"
                                          + " true}}"),
                                  fault -> {}),
                              "any");
                      Intake intake = new Intake(preset.rulesFor(ours), DECODER, ZoneOffset.UTC);
                      assertThat(ours.differences(intake.read(ours.record()), "")).isEmpty();
                    }));
  }
}
