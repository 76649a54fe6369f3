package io.offboarder.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Conversions.DecimalConversion;
import org.apache.avro.Conversions.UUIDConversion;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Avro's binary form as the JSON that somebody would write: a union is its value, dates and times
 * are written as RFC 3339 says, decimals as texts, bytes in Base64. May be used by any thread.
 */
final class AvroJson {
  private static final int LARGEST_BYTES = 1 << 20;
  private static final int MOST_ITEMS = 100_000;

  private final GenericData data = new GenericData();
  private final JsonFactory json = new JsonFactory();

  /** A converter. Bounds what Avro allocates for what a record merely claims to hold. */
  AvroJson() {
    System.setProperty("org.apache.avro.limits.bytes.maxLength", "" + LARGEST_BYTES);
    System.setProperty("org.apache.avro.limits.string.maxLength", "" + LARGEST_BYTES);
    System.setProperty("org.apache.avro.limits.collectionItems.maxLength", "" + MOST_ITEMS);
    data.addLogicalTypeConversion(new DecimalConversion());
    data.addLogicalTypeConversion(new UUIDConversion());
    data.addLogicalTypeConversion(new TimeConversions.DateConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimeMillisConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimeMicrosConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
    data.addLogicalTypeConversion(new TimeConversions.LocalTimestampMillisConversion());
    data.addLogicalTypeConversion(new TimeConversions.LocalTimestampMicrosConversion());
  }

  /**
   * The same in JSON.
   *
   * @throws IOException where the bytes are not of the schema, or too much
   */
  byte[] convert(byte[] bytes, int from, Schema schema) throws IOException {
    if (bytes.length > LARGEST_BYTES) {
      throw new IOException("has more than " + LARGEST_BYTES + " bytes");
    }
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, null);
    Object value = read(decoder, schema);
    if (!decoder.isEnd()) {
      throw new IOException("has more bytes than its schema says");
    }
    return write(value);
  }

  private @Nullable Object read(BinaryDecoder decoder, Schema schema) throws IOException {
    try {
      return new GenericDatumReader<>(schema, schema, data).read(null, decoder);
    } catch (StackOverflowError e) {
      throw new IOException("is nested too deep", e);
    } catch (EOFException e) {
      throw new IOException("ends before its schema does", e);
    } catch (IOException | RuntimeException e) {
      // Avro has no one word for bytes that are not of the schema.
      throw new IOException("is not of its schema", e);
    }
  }

  private byte[] write(@Nullable Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = json.createGenerator(bytes)) {
      write(generator, value);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof IndexedRecord record) {
      json.writeStartObject();
      for (Schema.Field field : record.getSchema().getFields()) {
        json.writeFieldName(field.name());
        write(json, record.get(field.pos()));
      }
      json.writeEndObject();
    } else if (value instanceof Map<?, ?> members) {
      json.writeStartObject();
      for (Map.Entry<?, ?> member : members.entrySet()) {
        json.writeFieldName(member.getKey().toString());
        write(json, member.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof Collection<?> elements) {
      json.writeStartArray();
      for (Object element : elements) {
        write(json, element);
      }
      json.writeEndArray();
    } else {
      writeScalar(json, value);
    }
  }

  private static void writeScalar(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Integer whole) {
      json.writeNumber(whole);
    } else if (value instanceof Long whole) {
      json.writeNumber(whole);
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Float || value instanceof Double) {
      double number = ((Number) value).doubleValue();
      if (Double.isFinite(number)) {
        json.writeNumber(value.toString());
      } else {
        json.writeString(value.toString());
      }
    } else if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      json.writeString(Base64.getEncoder().encodeToString(bytes));
    } else if (value instanceof GenericFixed fixed) {
      json.writeString(Base64.getEncoder().encodeToString(fixed.bytes()));
    } else if (value instanceof java.math.BigDecimal decimal) {
      json.writeString(decimal.toPlainString());
    } else {
      json.writeString(value.toString());
    }
  }
}
