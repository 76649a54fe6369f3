package io.offboarder.service;

import static io.offboarder.testing.Company.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.stream.StreamSettings;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.webex.WebexSettings;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.Secret;
import io.offboarder.webex.gate.GateSettings;
import io.offboarder.webex.http.HttpSettings;
import io.offboarder.webex.limit.PauseSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("Pseudonyms, from events in to outcomes and log lines out")
class PrivacyTest {
  private static final Pseudonymizer NAMES = Pseudonymizer.with("0123456789abcdef0123456789abcdef");
  private static final AtomicInteger COMPANIES = new AtomicInteger();
  private static final EmbeddedBroker BROKER = EmbeddedBroker.shared();

  private final Random random = new Random(20261124);
  private final LogLines log = new LogLines();
  private final Logger ours = (Logger) LoggerFactory.getLogger("io.offboarder");
  private final Level usual = ours.getLevel();
  private Vertx vertx;
  private EchoingApi api;
  private Company company;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    api = new EchoingApi(vertx);
    company = Company.on(BROKER.bootstrapServers(), "private-" + COMPANIES.incrementAndGet());
    ours.setLevel(Level.TRACE);
    ours.addAppender(log);
    log.start();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    ours.detachAppender(log);
    ours.setLevel(usual);
  }

  @Test
  @DisplayName("no outcome and no log line names anybody, whatever events and the API's words hold")
  void everywhere() {
    List<Leaver> leavers = Stream.generate(() -> new Leaver(random)).limit(24).toList();
    leavers.forEach(api::knows);
    api.fail(30);
    deploy(new Privacy(NAMES, NAMES));

    List<byte[]> malformed = publish(leavers);

    List<ConsumerRecord<byte[], byte[]>> outcomes =
        company.awaitOutcomeRecords(leavers.size() * Form.values().length);
    String published = outcomes.stream().map(PrivacyTest::text).collect(Collectors.joining("\n"));
    assertThat(statuses(outcomes)).contains("revoked", "failed", "subject_not_found", "rejected");
    String logged = log.text();
    assertThat(logged).contains("the API fails").contains("deleting REFRESH");
    for (Leaver leaver : leavers) {
      for (String secret : leaver.secrets()) {
        assertThat(published).as("outcomes").doesNotContainIgnoringCase(secret);
        assertThat(logged).as("log").doesNotContainIgnoringCase(secret);
      }
      assertThat(published).contains(NAMES.person(leaver.email()), NAMES.person(leaver.id()));
    }
    List<byte[]> kept =
        company.topics().committed(company.deadLetters()).stream()
            .map(ConsumerRecord::value)
            .toList();
    assertThat(malformed).allSatisfy(value -> assertThat(kept).contains(value));
  }

  @Test
  @DisplayName("an outcome is keyed by the pseudonym of its subject, and the log names it the same")
  void joined() {
    Leaver ann = new Leaver(random);
    api.knows(ann);
    deploy(new Privacy(NAMES, NAMES));
    company.publish(company.terminated(), Form.BY_ADDRESS.event(ann, random));

    ConsumerRecord<byte[], byte[]> outcome = company.awaitOutcomeRecords(1).get(0);

    String pseudonym = NAMES.person(ann.email());
    assertThat(new String(outcome.key(), UTF_8)).isEqualTo(pseudonym);
    JsonNode json = Company.json(outcome.value());
    assertThat(json.at("/subject/personEmail").asText()).isEqualTo(pseudonym);
    assertThat(json.at("/authorizations/0/personId").asText()).isEqualTo(NAMES.person(ann.id()));
    assertThat(log.text()).contains("subject=\"" + pseudonym + "\"");
  }

  @Test
  @DisplayName("logs and outcomes are asked for apart")
  void apart() {
    Leaver ann = new Leaver(random);
    api.knows(ann);
    deploy(new Privacy(NAMES, Pseudonymizer.NONE));
    company.publish(company.terminated(), Form.BY_ID.event(ann, random));

    ConsumerRecord<byte[], byte[]> outcome = company.awaitOutcomeRecords(1).get(0);

    assertThat(new String(outcome.key(), UTF_8)).isEqualTo(ann.restId());
    assertThat(log.text()).doesNotContain(ann.id()).contains(NAMES.person(ann.restId()));
  }

  private void deploy(Privacy privacy) {
    WebexSettings webex =
        new WebexSettings(
            new Credentials.StaticToken(Secret.of("token")),
            HttpSettings.at(api.url()),
            new GateSettings(
                64,
                OptionalDouble.empty(),
                GateSettings.Retries.defaults(),
                new GateSettings.Probes(
                    Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofSeconds(5)),
                PauseSettings.defaults(),
                Pseudonymizer.NONE),
            WebexSettings.USUAL_LIST_ITEMS);
    List<String> topics = List.of(company.terminated(), company.decommissioned());
    Map<String, String> kafka = Map.of("bootstrap.servers", BROKER.bootstrapServers());
    ServiceSettings settings =
        ServiceSettings.builder(
                StreamSettings.of(kafka, company.outcomes(), company.outcomes() + "-1", topics),
                webex,
                company.outcomes(),
                company.deadLetters(),
                company.caseSettings())
            .privacy(privacy)
            .build();
    vertx.deployVerticle(new OffboardingVerticle(settings)).await();
  }

  /** Every leaver in every form; returns the values that are not understood. */
  private List<byte[]> publish(List<Leaver> leavers) {
    List<byte[]> malformed = new ArrayList<>();
    for (Leaver leaver : leavers) {
      for (Form form : Form.values()) {
        byte[] value = form.value(leaver, random);
        company.publish(company.terminated(), leaver.either(random), value);
        if (form.malformed) {
          malformed.add(value);
        }
      }
    }
    return malformed;
  }

  private static List<String> statuses(List<ConsumerRecord<byte[], byte[]>> outcomes) {
    return outcomes.stream()
        .map(outcome -> Company.json(outcome.value()).path("status").asText())
        .toList();
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    String headers =
        Stream.of(record.headers().toArray())
            .map(header -> header.key() + "=" + new String(header.value(), UTF_8))
            .collect(Collectors.joining(" "));
    return new String(record.key(), UTF_8)
        + " "
        + headers
        + " "
        + new String(record.value(), UTF_8);
  }

  /** A person whose names occur nowhere by accident. */
  private record Leaver(String uuid, String id, String email) {
    private static final List<String> ENDS =
        List.of("@example.com", "+x@Example.com", ".o'k@example.co.uk", "é@exämple.de");

    Leaver(Random random) {
      this(new UUID(random.nextLong(), random.nextLong()).toString(), random);
    }

    private Leaver(String uuid, Random random) {
      this(uuid, random.nextBoolean() ? restId(uuid) : uuid, local(random) + end(random));
    }

    String restId() {
      return restId(uuid);
    }

    private static String restId(String uuid) {
      byte[] uri = ("ciscospark://us/PEOPLE/" + uuid).getBytes(UTF_8);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(uri);
    }

    private static String local(Random random) {
      String letters =
          random.ints(9, 'a', 'z' + 1).mapToObj(Character::toString).collect(Collectors.joining());
      return letters.toUpperCase(Locale.ROOT).charAt(0) + letters.substring(1);
    }

    private static String end(Random random) {
      return ENDS.get(random.nextInt(ENDS.size()));
    }

    String either(Random random) {
      return random.nextBoolean() ? id : email;
    }

    /** What would give the person away. */
    List<String> secrets() {
      return List.of(uuid, id, email.substring(0, 9));
    }
  }

  /** The ways in which an event may name somebody, the bad ones included. */
  private enum Form {
    BY_ID(false),
    BY_ADDRESS(false),
    BY_BOTH(false),
    NOT_JSON(true),
    HALF_AN_ADDRESS(true),
    ODD_ID(true),
    NAMED_IN_THE_TYPE(true),
    NAMED_IN_THE_TIME(false),
    NAMED_IN_THE_REASON(false);

    private final boolean malformed;

    Form(boolean malformed) {
      this.malformed = malformed;
    }

    byte[] value(Leaver leaver, Random random) {
      String json = event(leaver, random).toString();
      return (this == NOT_JSON ? json.replace("\"" + leaver.email() + "\"", leaver.email()) : json)
          .getBytes(UTF_8);
    }

    ObjectNode event(Leaver leaver, Random random) {
      String id = this + "-of-" + leaver.email() + "-" + leaver.uuid();
      Map<String, String> address = Map.of("personEmail", leaver.email());
      String local = leaver.email().substring(0, 9);
      ObjectNode event =
          Company.event(
              random.nextBoolean() ? id : "e",
              "user-terminated",
              switch (this) {
                case BY_ID -> Map.of("personId", leaver.id());
                case BY_BOTH -> Map.of("personId", leaver.id(), "personEmail", leaver.email());
                case HALF_AN_ADDRESS -> Map.of("personEmail", local + " at example.com");
                case ODD_ID -> Map.of("personId", "x/" + leaver.id());
                default -> address;
              });
      return switch (this) {
        case NAMED_IN_THE_TYPE -> event.put("type", "user-fired." + leaver.email());
        case NAMED_IN_THE_TIME -> event.put("time", "when " + leaver.email() + " left");
        case NAMED_IN_THE_REASON -> {
          event.withObject("data").put("reason", "because " + leaver.id() + " wished so");
          yield event;
        }
        default -> event;
      };
    }
  }

  /** An API whose every refusal holds what it was asked, and whom that is about. */
  private static final class EchoingApi {
    private static final String AUTHORIZATION = "authorization-";

    private final HttpServer server;
    private final Map<String, Leaver> people = new ConcurrentHashMap<>();
    private final Set<String> deleted = ConcurrentHashMap.newKeySet();
    private final AtomicInteger failing = new AtomicInteger();

    EchoingApi(Vertx vertx) {
      server = vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1").await();
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + server.actualPort() + "/v1");
    }

    void knows(Leaver leaver) {
      people.put(leaver.restId(), leaver);
      people.put(leaver.email(), leaver);
      people.put(AUTHORIZATION + leaver.uuid().hashCode(), leaver);
    }

    void fail(int requests) {
      failing.set(requests);
    }

    private void answer(HttpServerRequest request) {
      String id = request.getParam("personId");
      String name = id == null ? request.getParam("personEmail") : id;
      boolean isList = name != null;
      if (request.path().endsWith("/tokenExpiry")) {
        request.response().end(new JsonObject().put("exp", Long.MAX_VALUE / 1_000_000).encode());
        return;
      }
      Leaver leaver = people.get(isList ? name : request.path().replaceAll(".*/", ""));
      int fate = Math.floorMod(leaver.uuid().hashCode(), 5);
      if (failing.getAndDecrement() > 0) {
        refuse(request, 503, leaver);
      } else if (isList && fate <= 1) {
        refuse(request, fate == 0 ? 400 : 404, leaver);
      } else if (isList) {
        request.response().end(list(leaver, fate).encode());
      } else if (fate == 2) {
        refuse(request, 409, leaver);
      } else {
        deleted.add(leaver.uuid());
        request.response().setStatusCode(204).end();
      }
    }

    private JsonObject list(Leaver leaver, int fate) {
      JsonArray items = new JsonArray();
      if (!deleted.contains(leaver.uuid())) {
        items.add(
            new JsonObject()
                .put("id", AUTHORIZATION + leaver.uuid().hashCode())
                .put("type", "refresh")
                .put("clientId", "C" + fate)
                .put("personId", leaver.id())
                .put("applicationName", "Notes of " + leaver.email()));
      }
      return new JsonObject().put("items", items);
    }

    /** Of a person asked for by address, nobody but the API knows the UUID. */
    private static void refuse(HttpServerRequest request, int status, Leaver leaver) {
      String id = request.getParam("personEmail") == null ? leaver.uuid() : leaver.restId();
      String words = request.uri() + ": not " + leaver.email() + " (" + id + "), ";
      JsonObject body = new JsonObject().put("message", words.repeat(3) + leaver.id());
      request.response().setStatusCode(status).putHeader("trackingid", "T").end(body.encode());
    }
  }

  /** Everything that a log line may show. */
  private static final class LogLines extends AppenderBase<ILoggingEvent> {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      String cause =
          event.getThrowableProxy() == null ? "" : event.getThrowableProxy().getMessage();
      lines.add(event.getFormattedMessage() + " " + event.getKeyValuePairs() + " " + cause);
    }

    String text() {
      return String.join("\n", lines);
    }
  }
}
