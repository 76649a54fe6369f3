package io.offboarder.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/** What a registry's answers mean. */
final class SchemaAnswer {
  private static final int NOT_FOUND = 404;

  /** Confluent's REST interface: the subject or the schema is not there. */
  private static final int UNKNOWN_SCHEMA = 40403;

  private SchemaAnswer() {}

  /**
   * The schema; empty where the answer says nothing of it, as a gateway's page or a refusal: then
   * it is to be asked for again.
   */
  static Optional<RecordSchema> read(int status, String body) {
    JsonNode answer;
    try {
      answer = new JsonMapper().readTree(body);
    } catch (JsonProcessingException notTheRegistry) {
      return Optional.empty();
    }
    if (answer == null) {
      return Optional.empty();
    }
    if (status == NOT_FOUND && answer.path("error_code").asInt() == UNKNOWN_SCHEMA) {
      return Optional.of(
          new RecordSchema.Unreadable("of a schema that the registry does not have"));
    }
    return status == 200 && answer.path("schema").isTextual()
        ? Optional.of(schema(answer))
        : Optional.empty();
  }

  private static RecordSchema schema(JsonNode answer) {
    String type = answer.path("schemaType").asText("AVRO");
    return switch (type) {
      case "JSON" -> new RecordSchema.Json();
      case "AVRO" ->
          answer.path("references").isEmpty()
              ? avro(answer.path("schema").asText())
              : new RecordSchema.Unreadable("Avro of a schema that refers to others");
      case "PROTOBUF" -> new RecordSchema.Unreadable("Protobuf");
      default -> new RecordSchema.Unreadable("of a schema of another type");
    };
  }

  private static RecordSchema avro(String text) {
    try {
      return new RecordSchema.Avro(new Schema.Parser(NameValidator.NO_VALIDATION).parse(text));
    } catch (AvroRuntimeException e) {
      return new RecordSchema.Unreadable("Avro of a schema that cannot be read");
    }
  }
}
