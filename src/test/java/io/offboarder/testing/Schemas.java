package io.offboarder.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toUnmodifiableMap;
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
import java.util.Objects;
import java.util.stream.Stream;

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
                      BASE + "user-termination-rescinded.schema.json",
                          read("user-termination-rescinded.schema.json"),
                      BASE + "app-decommission-rescinded.schema.json",
                          read("app-decommission-rescinded.schema.json"),
                      BASE + "case.schema.json", read("case.schema.json"),
                      BASE + "note.schema.json", read("note.schema.json"),
                      BASE + "outcome.schema.json", read("outcome.schema.json"))));

  /** An outcome. */
  public static final Schema OUTCOME = schema("outcome.schema.json");

  /** A case that waits. */
  public static final Schema CASE = schema("case.schema.json");

  /** A note of what is about to be deleted. */
  public static final Schema NOTE = schema("note.schema.json");

  private static final Map<String, Schema> EVENTS = events("");
  private static final Map<String, Schema> STRUCTURED = events("#/$defs/structured");

  private Schemas() {}

  /** An event as plain JSON, by its type's last part. */
  public static Schema event(String type) {
    return Objects.requireNonNull(EVENTS.get(type));
  }

  /** What structured mode asks for beyond that. */
  public static Schema structured(String type) {
    return Objects.requireNonNull(STRUCTURED.get(type));
  }

  private static Map<String, Schema> events(String part) {
    return Stream.of(
            "user-terminated",
            "app-decommissioned",
            "user-termination-rescinded",
            "app-decommission-rescinded")
        .collect(toUnmodifiableMap(type -> type, type -> schema(type + ".schema.json" + part)));
  }

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
