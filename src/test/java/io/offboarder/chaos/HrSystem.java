package io.offboarder.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.chaos.Planned.Kind;
import io.offboarder.chaos.Workforce.Person;
import io.offboarder.testing.Company;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes up the events of a run: the same for the same workforce and seed. */
final class HrSystem {
  private static final int HOT = 5;
  private static final int LARGE = 200_000;

  private final Company company;
  private final Workforce workforce;
  private final RandomGenerator random;

  HrSystem(Company company, Workforce workforce, RandomGenerator random) {
    this.company = company;
    this.workforce = workforce;
    this.random = random;
  }

  List<Planned> events(int count) {
    List<Planned> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event(i, events));
    }
    return List.copyOf(events);
  }

  private Planned event(int number, List<Planned> before) {
    int draw = random.nextInt(100);
    if (draw < 4) {
      return new Planned(number, Kind.MALFORMED, "", malformed(number));
    }
    if (draw < 6) {
      return named(number, Kind.UNKNOWN, "", Map.of("personEmail", "nobody-" + number + "@x.com"));
    }
    if (draw < 8) {
      Person person = any(workforce.refused());
      // By address, for that is what the sandbox's fault looks at.
      return named(number, Kind.REFUSED, person.id(), Map.of("personEmail", person.email()));
    }
    if (draw < 13) {
      String app = any(workforce.retirable());
      Map<String, String> data = Map.of("clientId", app, "orgId", workforce.orgId());
      return named(number, Kind.DECOMMISSION, app, data);
    }
    if (draw < 25 && !before.isEmpty()) {
      return again(number, any(before));
    }
    List<Person> staff = workforce.staff();
    Person person = draw < 40 ? staff.get(random.nextInt(HOT)) : any(staff);
    return named(number, Kind.TERMINATION, person.id(), naming(person));
  }

  private Map<String, String> naming(Person person) {
    return switch (random.nextInt(4)) {
      case 0 -> Map.of("personEmail", person.email());
      case 1 -> Map.of("personEmail", person.email().toUpperCase(Locale.ROOT));
      case 2 -> Map.of("personId", person.id(), "personEmail", person.email());
      default -> Map.of("personId", person.id());
    };
  }

  /** The same event once more, as a publisher that retries or is restarted sends it. */
  private static Planned again(int number, Planned other) {
    ProducerRecord<byte[], byte[]> record = other.record();
    return new Planned(
        number,
        other.kind(),
        other.subject(),
        new ProducerRecord<>(
            record.topic(), null, null, record.key(), record.value(), record.headers()));
  }

  private Planned named(int number, Kind kind, String subject, Map<String, String> data) {
    boolean app = kind == Kind.DECOMMISSION;
    String type = app ? "app-decommissioned" : "user-terminated";
    ObjectNode event = Company.event("event-" + number, type, data);
    // The kind of an event is in its type, not in its topic.
    boolean usual = random.nextInt(10) > 0;
    String topic = app == usual ? company.decommissioned() : company.terminated();
    return new Planned(number, kind, subject, enveloped(topic, event));
  }

  private ProducerRecord<byte[], byte[]> enveloped(String topic, ObjectNode event) {
    byte[] key = random.nextBoolean() ? bytes("key-" + random.nextInt(1_000)) : null;
    int mode = random.nextInt(3);
    if (mode == 0) {
      return new ProducerRecord<>(topic, key, bytes(event.toString()));
    }
    event.put("type", "com.example.hr." + event.path("type").asText() + ".v1");
    if (mode == 1) {
      event.put("specversion", "1.0");
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic, key, bytes(event.toString()));
      record.headers().add("content-type", bytes("application/cloudevents+json"));
      return record;
    }
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, key, bytes(event.path("data").toString()));
    record.headers().add("ce_specversion", bytes("1.0"));
    for (String attribute : List.of("id", "type", "source", "time")) {
      record.headers().add("ce_" + attribute, bytes(event.path(attribute).asText()));
    }
    record.headers().add("content-type", bytes("application/json"));
    return record;
  }

  private ProducerRecord<byte[], byte[]> malformed(int number) {
    String id = "event-" + number;
    byte[] value =
        switch (random.nextInt(10)) {
          case 0 -> null;
          case 1 -> new byte[0];
          case 2 -> bytes("{\"id\":\"" + id + "\",\"type\":\"user-termin");
          case 3 -> bytes("[1,2]");
          case 4 -> bytes(Company.event(id, "user-promoted", Map.of("personId", "p")).toString());
          case 5 -> bytes(Company.event(id, "user-terminated", Map.of()).toString());
          case 6 -> bytes(Company.event(id, "user-terminated", Map.of("personId", " ")).toString());
          case 7 -> bytes(Company.event(id, "app-decommissioned", Map.of()).toString());
          case 8 ->
              bytes(
                  Company.event(
                          id,
                          "user-terminated",
                          Map.of(
                              "personId",
                              any(workforce.staff()).id(),
                              "effectiveAt",
                              "2999-01-01T00:00:00Z"))
                      .toString());
          default -> {
            byte[] noise = new byte[random.nextInt(LARGE)];
            random.nextBytes(noise);
            yield noise;
          }
        };
    return new ProducerRecord<>(company.terminated(), bytes("key-" + number), value);
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
