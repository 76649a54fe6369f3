package io.offboarder.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Avro as JSON")
class AvroJsonTest {
  private static final Schema LEAVER =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"Leaver","namespace":"com.example.hr","fields":[
                {"name":"no","type":"long"},
                {"name":"mail","type":["null","string"]},
                {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["LEFT","MOVED"]}},
                {"name":"lastDay","type":{"type":"int","logicalType":"date"}},
                {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
                {"name":"salary","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
                {"name":"photo","type":"bytes"},
                {"name":"tags","type":{"type":"map","values":"string"}},
                {"name":"teams","type":{"type":"array","items":"string"}},
                {"name":"share","type":"double"}]}
              """);

  private final AvroJson avro = new AvroJson();

  static byte[] binary(Schema schema, Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<>(schema).write(value, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static GenericData.Record leaver() {
    GenericData.Record leaver = new GenericData.Record(LEAVER);
    leaver.put("no", 21_001L);
    leaver.put("mail", "ann@example.com");
    leaver.put("kind", new GenericData.EnumSymbol(LEAVER.getField("kind").schema(), "LEFT"));
    leaver.put("lastDay", 20_787);
    leaver.put("at", 1_795_424_400_000L);
    leaver.put("salary", ByteBuffer.wrap(new byte[] {0x12, 0x34}));
    leaver.put("photo", ByteBuffer.wrap(new byte[] {1, 2, 3}));
    leaver.put("tags", Map.of("floor", "3"));
    leaver.put("teams", List.of("a", "b"));
    leaver.put("share", 0.5);
    return leaver;
  }

  @Test
  @DisplayName("is what somebody would have written")
  void written() throws IOException {
    assertThat(new String(avro.convert(binary(LEAVER, leaver()), 0, LEAVER), UTF_8))
        .isEqualTo(
            "{\"no\":21001,\"mail\":\"ann@example.com\",\"kind\":\"LEFT\",\"lastDay\":\"2026-11-30\","
                + "\"at\":\"2026-11-23T09:00:00Z\",\"salary\":\"46.60\",\"photo\":\"AQID\","
                + "\"tags\":{\"floor\":\"3\"},\"teams\":[\"a\",\"b\"],\"share\":0.5}");
  }

  @Test
  @DisplayName("is refused where bytes are missing, or left over, and never fails otherwise")
  void mutated() throws IOException {
    byte[] whole = binary(LEAVER, leaver());
    Random random = new Random(4711);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = whole.clone();
      for (int j = 0; j <= random.nextInt(4); j++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
      try {
        avro.convert(cut, 0, LEAVER);
      } catch (IOException refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  @DisplayName("takes no more than what is there, whatever the bytes claim")
  void claims() {
    Schema texts = Schema.createArray(Schema.create(Schema.Type.STRING));
    Schema nulls = Schema.createArray(Schema.create(Schema.Type.NULL));
    Schema list =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"L\"]}]}");
    byte[] billions = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
    byte[] one = {2, (byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
    byte[] deep = new byte[900_000];
    java.util.Arrays.fill(deep, (byte) 2);
    deep[deep.length - 1] = 0;
    long began = System.nanoTime();

    assertThatThrownBy(() -> avro.convert(billions, 0, nulls)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> avro.convert(one, 0, texts)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> avro.convert(deep, 0, list)).isInstanceOf(IOException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }
}
