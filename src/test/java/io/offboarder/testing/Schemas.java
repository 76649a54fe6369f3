package io.offboarder.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The published schemas, as tests hold code against them. */
public final class Schemas {
  private static final Path FOLDER = Path.of("schemas");
  private static final String BASE = "https://offboarder.dev/schemas/";
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemas(
                  Map.of(
                      BASE + "user-terminated.schema.json", read("user-terminated.schema.json"),
                      BASE + "app-decommissioned.schema.json",
                          read("app-decommissioned.schema.json"),
                      BASE + "outcome.schema.json", read("outcome.schema.json"))));

  /** The data of a user-terminated event. */
  public static final Schema USER_TERMINATED = schema("user-terminated.schema.json");

  /** The data of an app-decommissioned event. */
  public static final Schema APP_DECOMMISSIONED = schema("app-decommissioned.schema.json");

  /** An outcome. */
  public static final Schema OUTCOME = schema("outcome.schema.json");

  private Schemas() {}

  /** Fails unless an outcome is what the schema says. */
  public static void assertValidOutcome(byte[] json) {
    String text = new String(json, UTF_8);
    assertThat(faults(OUTCOME, text)).as(text).isEmpty();
  }

  /** What is wrong with some JSON, formats included. */
  public static List<String> faults(Schema schema, String json) {
    return schema
        .validate(
            json,
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(Error::toString)
        .toList();
  }

  private static Schema schema(String file) {
    return REGISTRY.getSchema(com.networknt.schema.SchemaLocation.of(BASE + file));
  }

  private static String read(String file) {
    try {
      return Files.readString(FOLDER.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
