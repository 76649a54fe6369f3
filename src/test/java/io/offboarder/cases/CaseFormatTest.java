package io.offboarder.cases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.cases.CaseEvent.Input;
import io.offboarder.cases.CaseRecord.StoredRecord;
import io.offboarder.cases.WaitingCase.Done;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.testing.Schemas;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A case's record")
class CaseFormatTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123Z");

  private final EventDecoder decoder = new EventDecoder(new DecoderSettings("org", ZoneOffset.UTC));
  private final CaseFormat format = new CaseFormat();
  private final CaseReader reader = new CaseReader();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'id':'e1','type':'x.user-terminated.v1','source':'/hr','time':'2026-11-23T09:00:00+01:00',"
            + "'data':{'personId':'f5b36187-c8dd-4727-8b2f-f9c447f29046','personEmail':'Ann@x.example',"
            + "'effectiveAt':'2026-11-27','reason':'left','orgId':'o1'}}",
        "{'id':7,'type':'user-terminated','personEmail':'ann@example.com'}",
        "{'id':'e1','type':'app-decommissioned','traceparent':'00-0af7651916cd43dd8448eb211c80319c"
            + "-b7ad6b7169203331-01','clientId':'C1','applicationName':'Sl\\u0000ides'}",
        "{'id':'e1','type':'user-termination-rescinded','eventId':'e0','eventSource':'/hr'}",
        "{'id':'e1','type':'app-decommission-rescinded','clientId':'C1','reason':'stays'}",
      })
  @DisplayName("holds the event as it was understood, and its record as it came")
  void roundTrip(String json) {
    byte[] value = json.replace('\'', '"').getBytes(UTF_8);
    Headers headers = new RecordHeaders().add("a", new byte[] {0, 1}).add("b", null);
    OffboardingEvent event = ((Understood) decoder.decode(new RecordHeaders(), value)).event();
    Done done = event.effective() == null ? null : new Done("revoked", NOW, 2);
    CaseRecord record = record(event, done, "key".getBytes(UTF_8), value, headers);

    byte[] written = format.toJson(record);

    assertThat(Schemas.faults(Schemas.CASE, new String(written, UTF_8))).isEmpty();
    CaseRecord read = reader.read(written).orElseThrow();
    assertThat(read.waiting()).isEqualTo(record.waiting());
    assertThat(read.event()).isEqualTo(record.event());
    assertThat(read.input().timestamp()).isEqualTo(record.input().timestamp());
    assertThat(read.input().receivedAt()).isEqualTo(record.input().receivedAt());
    assertThat(read.input().key()).isEqualTo(record.input().key());
    assertThat(read.input().value()).isEqualTo(value);
    assertThat(read.input().headers()).isEqualTo(headers);
    assertThat(format.toJson(read)).isEqualTo(written);
  }

  @Test
  @DisplayName("may lack key, value and timestamp, as its input may")
  void bare() {
    byte[] value = "{\"id\":\"e\",\"type\":\"user-terminated\",\"personId\":\"p\"}".getBytes(UTF_8);
    OffboardingEvent event = ((Understood) decoder.decode(new RecordHeaders(), value)).event();
    StoredRecord input = new StoredRecord(-1, NOW, null, null, new RecordHeaders());
    CaseRecord whole = record(event, null, null, value, new RecordHeaders());
    byte[] written = format.toJson(new CaseRecord(whole.waiting(), event, input));
    assertThat(Schemas.faults(Schemas.CASE, new String(written, UTF_8))).isEmpty();
    CaseRecord read = reader.read(written).orElseThrow();
    assertThat(read.input().key()).isNull();
    assertThat(read.input().value()).isNull();
    assertThat(read.waiting().event().input().arrivedAt()).isEqualTo(NOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"caseId\":\"x\"}",
        "{\"caseId\":\"x\",\"state\":\"dreaming\",\"due\":\"2026-11-23T12:00:00Z\"}",
      })
  @DisplayName("that is none, or one of a later version, is not taken for one")
  void foreign(String json) {
    assertThat(reader.read(json.getBytes(UTF_8))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"due", "since", "receivedAt", "timestamp"})
  @DisplayName("that has a time with which nobody can reckon is not taken for one")
  void endlessTime(String member) {
    byte[] value = "{\"id\":\"e\",\"type\":\"user-terminated\",\"personId\":\"p\"}".getBytes(UTF_8);
    OffboardingEvent event = ((Understood) decoder.decode(new RecordHeaders(), value)).event();
    String json =
        new String(format.toJson(record(event, null, null, value, new RecordHeaders())), UTF_8);
    String endless =
        member.equals("timestamp")
            ? "\"timestamp\":" + Long.MAX_VALUE
            : "\"" + member + "\":\"" + Instant.MIN + "\"";
    String forged = json.replaceFirst("\"" + member + "\":(\"[^\"]*\"|[0-9]+)", endless);
    assertThat(forged).isNotEqualTo(json);

    assertThat(reader.read(json.getBytes(UTF_8))).isPresent();
    assertThat(reader.read(forged.getBytes(UTF_8))).isEmpty();
  }

  @Test
  @DisplayName("that was forged is passed over where its turn could never be taken")
  void forged() {
    byte[] value = "{\"id\":\"e\",\"type\":\"user-terminated\",\"personId\":\"p\"}".getBytes(UTF_8);
    OffboardingEvent event = ((Understood) decoder.decode(new RecordHeaders(), value)).event();
    Headers headers = new RecordHeaders().add("a", new byte[] {0, 1}).add("b", null);
    byte[] json = format.toJson(record(event, new Done("revoked", NOW, 2), value, value, headers));
    Random random = new Random(20261130);
    int taken = 0;
    int passedOver = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] forged = forge(json, random);
      Optional<CaseChange> change =
          reader.change(new Entry(0, i, Instant.EPOCH, "key".getBytes(UTF_8), forged, headers));
      if (change.isEmpty()) {
        passedOver++;
      } else {
        taken++;
        assertThat(reader.read(forged)).as(new String(forged, UTF_8)).isPresent();
      }
    }
    assertThat(taken).isPositive();
    assertThat(passedOver).isGreaterThan(1_000);
    byte[] brokenBase64 =
        new String(json, UTF_8).replaceAll("\"value\":\"", "\"value\":\"!!").getBytes(UTF_8);
    assertThat(brokenBase64).isNotEqualTo(json);
    assertThat(reader.change(new Entry(0, 1, Instant.EPOCH, value, brokenBase64, headers)))
        .isEmpty();
  }

  /** Puts another character, or another value, into the JSON of a case. */
  private static byte[] forge(byte[] json, Random random) {
    if (random.nextBoolean()) {
      byte[] forged = json.clone();
      forged[random.nextInt(forged.length)] = (byte) "!\"{}[]:,0aZ=-".charAt(random.nextInt(13));
      return forged;
    }
    List<String> values = List.of("null", "7", "\"\"", "\"!!\"", "[]", "{}", "true", "-1", "1e99");
    String text = new String(json, UTF_8);
    Matcher members = Pattern.compile("\":(\"[^\"]*\"|[0-9]+|null)").matcher(text);
    int which = random.nextInt((int) members.results().count());
    members.reset();
    for (int i = 0; i <= which; i++) {
      members.find();
    }
    String value = values.get(random.nextInt(values.size()));
    return (text.substring(0, members.start(1)) + value + text.substring(members.end(1)))
        .getBytes(UTF_8);
  }

  @Test
  @DisplayName("that is to be looked at for the minus seventh time is not taken for one")
  void negativeLook() {
    byte[] value = "{\"id\":\"e\",\"type\":\"user-terminated\",\"personId\":\"p\"}".getBytes(UTF_8);
    OffboardingEvent event = ((Understood) decoder.decode(new RecordHeaders(), value)).event();
    CaseRecord record =
        record(event, new Done("revoked", NOW, -7), null, value, new RecordHeaders());
    assertThat(reader.read(format.toJson(record))).isEmpty();
  }

  @Test
  @DisplayName("says how a case ended in the headers of the record that takes it off the topic")
  void end() {
    CaseEnd end = new CaseEnd("cancelled", "another", NOW);
    assertThat(CaseEnd.read(end.headers())).isEqualTo(end);
    CaseEnd plain = new CaseEnd("revoked", null, NOW);
    assertThat(CaseEnd.read(plain.headers())).isEqualTo(plain);
    assertThat(CaseEnd.read(new RecordHeaders())).isNull();
  }

  private static CaseRecord record(
      OffboardingEvent event,
      @Nullable Done done,
      byte @Nullable [] key,
      byte[] value,
      Headers headers) {
    CaseEvent about =
        CaseEvent.of(
            UUID.nameUUIDFromBytes(value).toString(),
            event,
            new Input("hr.events", 3, 42, Instant.ofEpochMilli(1_700_000_000_000L), 7));
    CaseState state =
        done != null
            ? CaseState.RELOOK
            : event.type().rescinds().isPresent() ? CaseState.RESCIND : CaseState.SCHEDULED;
    return new CaseRecord(
        new WaitingCase(about, state, NOW.plusSeconds(60), NOW, "because", done),
        event,
        new StoredRecord(1_700_000_000_000L, NOW, key, value, headers));
  }
}
