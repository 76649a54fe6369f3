package io.offboarder.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.chaos.Planned.Kind;
import io.offboarder.chaos.Workforce.Person;
import io.offboarder.testing.Company;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Makes up the events of a run: the same, but for their times, for the same workforce and seed. */
final class HrSystem {
  private static final int HOT = 5;
  private static final int LARGE = 200_000;

  /** Of a hundred, how many are announced for a time. */
  private static final int DATED = 15;

  private final Company company;
  private final Workforce workforce;
  private final RandomGenerator random;
  private final Iterator<Person> dated;

  /** The second halves of pairs, by the number from which on they are published. */
  private final NavigableMap<Integer, IntFunction<Planned>> later = new TreeMap<>();

  HrSystem(Company company, Workforce workforce, RandomGenerator random) {
    this.company = company;
    this.workforce = workforce;
    this.random = random;
    this.dated = workforce.dated().iterator();
  }

  /**
   * The events of a run.
   *
   * @param begin when the first is published
   * @param span how long it takes until the last is
   */
  List<Planned> events(int count, Instant begin, Duration span) {
    List<Planned> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean isTime = !later.isEmpty() && later.firstKey() <= i;
      if (isTime || later.size() >= count - i) {
        events.add(later.pollFirstEntry().getValue().apply(i));
      } else if (random.nextInt(100) < DATED && dated.hasNext() && later.size() + 2 < count - i) {
        Instant now = begin.plus(span.multipliedBy(i).dividedBy(count));
        int second = Math.max(1, (int) (count * 1_000L / span.toMillis()));
        events.add(dated(i, now, second));
      } else {
        events.add(event(i, events));
      }
    }
    return List.copyOf(events);
  }

  /**
   * Somebody leaves in some seconds; of every other it is taken back within a second, or was
   * before.
   *
   * @param perSecond how many events are published in a second
   */
  private Planned dated(int number, Instant now, int perSecond) {
    Person person = dated.next();
    if (random.nextBoolean()) {
      return leaver(number, Kind.SCHEDULED, person, now, now.plusMillis(between(1_000, 8_000)));
    }
    // In time for sure, or perhaps.
    Instant due = now.plusMillis(random.nextBoolean() ? 90_000 : between(1_500, 12_000));
    IntFunction<Planned> leaver = at -> leaver(at, Kind.TAKEN_BACK, person, now, due);
    IntFunction<Planned> rescind = at -> rescind(at, number, person, now);
    int then = number + 1 + random.nextInt(perSecond);
    while (later.containsKey(then)) {
      then++;
    }
    boolean isUsual = random.nextBoolean();
    later.put(then, isUsual ? rescind : leaver);
    return (isUsual ? leaver : rescind).apply(number);
  }

  private Planned leaver(int number, Kind kind, Person person, Instant now, Instant due) {
    Map<String, String> data = new HashMap<>(naming(person));
    data.put("effectiveAt", due.toString());
    // Whichever half comes first has the pair's number, so the event is named by its person.
    ObjectNode event = Company.event("dated-" + person.id(), "user-terminated", data);
    return named(number, kind, person.id(), due, event.put("time", now.minusSeconds(1).toString()));
  }

  private Planned rescind(int number, int pair, Person person, Instant now) {
    Map<String, String> data = new HashMap<>();
    int mode = random.nextInt(3);
    if (mode > 0) {
      data.put("eventId", "dated-" + person.id());
    }
    if (mode < 2) {
      data.put("personId", person.id());
      data.put("personEmail", person.email());
    }
    ObjectNode event = Company.event("rescind-" + pair, "user-termination-rescinded", data);
    return named(number, Kind.RESCIND, person.id(), null, event.put("time", now.toString()));
  }

  private int between(int from, int to) {
    return random.nextInt(from, to);
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
      Planned other = any(before);
      if (!other.isDated()) {
        return again(number, other);
      }
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
    return named(number, kind, subject, null, Company.event("event-" + number, type, data));
  }

  private Planned named(
      int number, Kind kind, String subject, @Nullable Instant due, ObjectNode event) {
    boolean app = kind == Kind.DECOMMISSION;
    // The kind of an event is in its type, not in its topic.
    boolean usual = random.nextInt(10) > 0;
    String topic = app == usual ? company.decommissioned() : company.terminated();
    return new Planned(number, kind, subject, due, enveloped(topic, event));
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
