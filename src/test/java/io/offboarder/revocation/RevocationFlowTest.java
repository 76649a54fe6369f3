package io.offboarder.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.offboarder.event.AppDecommissioned;
import io.offboarder.event.EffectiveTime;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.Execution;
import io.offboarder.event.Identifier;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.TraceContext;
import io.offboarder.event.UserTerminated;
import io.offboarder.protection.ProtectedList;
import io.offboarder.protection.ProtectedList.Contents;
import io.offboarder.protection.Untouched;
import io.offboarder.revocation.DeletionNote.Deletion;
import io.offboarder.revocation.EventContext.Urgency;
import io.offboarder.revocation.Outcome.Basis;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Revocation;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.testing.Schemas;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationType;
import io.offboarder.webex.AuthorizationsClient;
import io.offboarder.webex.WebexSettings;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.Secret;
import io.offboarder.webex.gate.Cancellation;
import io.offboarder.webex.gate.GateListener;
import io.offboarder.webex.gate.RequestCancelledException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The flow against an API that says what each test wants it to say, lies included. */
@DisplayName("The flow of one event")
class RevocationFlowTest {
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<Duration> waited = new CopyOnWriteArrayList<>();
  private final RelistBackoff relistBackoff =
      new RelistBackoff(
          List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3)),
          pause -> {
            waited.add(pause);
            return Future.succeededFuture();
          });
  private RecordCoordinates coordinates =
      new RecordCoordinates("t", 0, 0, Instant.now().toEpochMilli(), Instant.now());
  private RevocationFlow flow;
  private volatile Clock clock = Clock.systemUTC();
  private int maxAuthorizations = 100_000;
  private Promise<Void> released = Promise.promise();
  private int mostAuthorizations = RevocationLimits.MOST_AUTHORIZATIONS;
  private volatile Untouched untouched = Untouched.NOTHING;
  private Vertx vertx;
  private HttpServer server;
  private Function<Integer, Object> lists = number -> items();
  private Function<String, Integer> deletes = id -> 204;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    server = vertx.createHttpServer().requestHandler(this::answer).listen(0).await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private void answer(HttpServerRequest request) {
    request.response().putHeader("trackingid", "T");
    String path = request.path();
    if (request.method().name().equals("GET") && path.endsWith("/authorizations")) {
      calls.add("list");
      Object answer = lists.apply((int) calls.stream().filter("list"::equals).count());
      if (answer instanceof Integer status) {
        request.response().setStatusCode(status).end("{\"message\":\"no\"}");
      } else {
        request.response().end(new JsonObject().put("items", answer).toBuffer());
      }
    } else if (request.method().name().equals("DELETE")) {
      String id = path.endsWith("/authorizations") ? "" : path.substring(path.lastIndexOf('/') + 1);
      calls.add("delete " + id);
      int status = deletes.apply(id);
      request.response().setStatusCode(status).end(status == 204 ? "" : "{\"message\":\"no\"}");
    } else {
      request.response().end("{\"exp\":" + (System.currentTimeMillis() + 9_000_000_000L) + "}");
    }
  }

  @Test
  @DisplayName("deletes refresh authorizations, and what none of them takes along, in one round")
  void leastCalls() {
    lists =
        number ->
            number == 1
                ? items(
                    item("r1", "refresh", "A"),
                    item("a1", "access", "A"),
                    item("b1", "access", "B"))
                : items();

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(calls).containsExactlyInAnyOrder("list", "delete r1", "delete b1", "list");
    assertThat(results(outcome))
        .containsEntry("r1", Result.REVOKED)
        .containsEntry("a1", Result.REVOKED_WITH_REFRESH)
        .containsEntry("b1", Result.REVOKED);
    Revocation taken = outcome.authorizations().get(1);
    assertThat(taken.trackingId()).isEqualTo(outcome.authorizations().get(0).trackingId());
  }

  @Test
  @DisplayName("spares a protected client's authorizations, and revokes all others")
  void sparedClient() {
    spare(new Contents(List.of(), List.of(), List.of("B"), List.of()));
    lists =
        number ->
            number == 1
                ? items(
                    item("r1", "refresh", "A"),
                    item("r2", "refresh", "B"),
                    item("b1", "access", "B"))
                : items(item("r2", "refresh", "B"), item("b1", "access", "B"));

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(calls).containsExactly("list", "delete r1", "list");
    assertThat(results(outcome))
        .containsEntry("r1", Result.REVOKED)
        .containsEntry("r2", Result.SPARED)
        .containsEntry("b1", Result.SPARED);
    assertThat(outcome.verification().remaining()).isZero();
    assertThat(outcome.verification().spared()).isEqualTo(2);
    assertThat(outcome.authorizations().get(1).problem()).contains("clients.ids");
  }

  @Test
  @DisplayName("spares the app that the API is called with, wherever it turns up")
  void ownClient() {
    untouched = new Untouched(() -> ProtectedList.NONE, () -> Optional.of("B"));
    lists = number -> items(item("r2", "refresh", "B"));

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.NOTHING_TO_REVOKE);
    assertThat(calls).containsExactly("list");
    assertThat(results(outcome)).containsEntry("r2", Result.SPARED);
  }

  @Test
  @DisplayName("touches nothing of a person whose id only the list shows to be protected")
  void sparedPerson() {
    spare(new Contents(List.of("person-1"), List.of(), List.of(), List.of()));
    lists = number -> items(item("r1", "refresh", "A"), item("b1", "access", "B"));

    Outcome outcome = revoke(byAddress("ann@example.com"));

    assertThat(outcome.status()).isEqualTo(Status.SKIPPED);
    assertThat(outcome.decision().code()).isEqualTo("protected_person");
    assertThat(outcome.error().code()).isEqualTo("protected_person");
    assertThat(calls).containsExactly("list");
    assertThat(outcome.verification().spared()).isEqualTo(2);
    Schemas.assertValidOutcome(new OutcomeFormat().toJson(outcome));
  }

  @Test
  @DisplayName("spares what was protected while the event was under way")
  void protectedMeanwhile() {
    ProtectedList later =
        new ProtectedList(new Contents(List.of(), List.of(), List.of("B"), List.of()));
    untouched =
        new Untouched(
            () -> calls.contains("delete r1") ? later : ProtectedList.NONE, Optional::empty);
    lists =
        number ->
            number == 1 ? items(item("r1", "refresh", "A")) : items(item("r2", "refresh", "B"));

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(calls).containsExactly("list", "delete r1", "list");
    assertThat(results(outcome)).containsEntry("r2", Result.SPARED);
  }

  private void spare(Contents contents) {
    ProtectedList list = new ProtectedList(contents);
    untouched = new Untouched(() -> list, Optional::empty);
  }

  @Test
  @DisplayName("deletes what its refresh authorization left behind")
  void leftBehind() {
    lists =
        number ->
            switch (number) {
              case 1 -> items(item("r1", "refresh", "A"), item("a1", "access", "A"));
              case 2 -> items(item("a1", "access", "A"));
              default -> items();
            };

    assertThat(revoke().status()).isEqualTo(Status.REVOKED);
    assertThat(calls).containsExactly("list", "delete r1", "list", "delete a1", "list");
  }

  @Test
  @DisplayName("says what went with its refresh authorization, however many rounds come after")
  void goneInAnEarlierRound() {
    lists =
        number ->
            switch (number) {
              case 1 -> items(item("r1", "refresh", "A"), item("a1", "access", "A"));
              case 2 -> items(item("r2", "refresh", "A"));
              default -> items();
            };

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(results(outcome))
        .containsEntry("r1", Result.REVOKED)
        .containsEntry("a1", Result.REVOKED_WITH_REFRESH)
        .containsEntry("r2", Result.REVOKED);
    Revocation taken = outcome.authorizations().get(1);
    assertThat(taken.trackingId()).isEqualTo(outcome.authorizations().get(0).trackingId());
  }

  @Test
  @DisplayName("asks nothing for an event that is handed back, and has no outcome for it")
  void handedBack() {
    CompletableFuture<Outcome> unsent = start(terminated(), relistBackoff, () -> false);

    assertThatThrownBy(unsent::join).hasCauseInstanceOf(RequestCancelledException.class);
    assertThat(calls).isEmpty();
  }

  @Test
  @DisplayName("finishes an event that has begun, though it is to be handed back")
  void begun() {
    lists = number -> number == 1 ? items(item("r1", "refresh", "A")) : items();

    Outcome outcome = start(terminated(), relistBackoff, calls::isEmpty).join();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(calls).containsExactly("list", "delete r1", "list");
  }

  @Test
  @DisplayName("never calls revoked what is still listed, whatever the deletes were answered")
  void stillListed() {
    lists = number -> items(item("r1", "refresh", "A"));

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(results(outcome)).containsEntry("r1", Result.FAILED);
    assertThat(outcome.error().code()).isEqualTo("still_live");
    assertThat(outcome.verification().remaining()).isEqualTo(1);
    assertThat(waited).hasSize(3);
    assertThat(calls)
        .containsExactly("list", "delete r1", "list", "list", "list", "delete r1", "list");
  }

  @Test
  @DisplayName("waits for a list that lags behind the deletes, and deletes nothing twice")
  void lag() {
    lists =
        number ->
            number < 4 ? items(item("r1", "refresh", "A"), item("a1", "access", "A")) : items();

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(calls).containsExactly("list", "delete r1", "list", "list", "list");
    assertThat(waited).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(results(outcome))
        .containsEntry("r1", Result.REVOKED)
        .containsEntry("a1", Result.REVOKED_WITH_REFRESH);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 400})
  @DisplayName("tells of the delete that was answered 204, not of one that came after it")
  void firstDeleteCounts(int second) {
    lists = number -> number < 5 ? items(item("r1", "refresh", "A")) : items();
    deletes = id -> calls.stream().filter("delete r1"::equals).count() == 1 ? 204 : second;

    Outcome outcome = revoke();

    assertThat(calls)
        .containsExactly("list", "delete r1", "list", "list", "list", "delete r1", "list");
    Revocation one = outcome.authorizations().get(0);
    assertThat(one.result()).isEqualTo(Result.REVOKED);
    assertThat(one.httpStatus()).isEqualTo(204);
    assertThat(one.attempts()).isEqualTo(2);
  }

  @Test
  @DisplayName("deletes what is listed twice once")
  void listedTwice() {
    lists =
        number ->
            number == 1 ? items(item("r1", "refresh", "A"), item("r1", "refresh", "A")) : items();

    Outcome outcome = revoke();

    assertThat(calls).containsExactly("list", "delete r1", "list");
    assertThat(outcome.authorizations()).hasSize(1);
  }

  @Test
  @DisplayName("keeps what it knows when a fault ends it in the middle")
  void faultInTheMiddle() {
    lists = number -> items(item("r1", "refresh", "A"));
    RelistBackoff faulty =
        new RelistBackoff(
            List.of(Duration.ofSeconds(1)),
            pause -> {
              throw new IllegalStateException("a fault");
            });

    Outcome outcome = revoke(terminated(), faulty);

    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
    assertThat(outcome.error().code()).isEqualTo("internal_error");
    assertThat(outcome.verification()).isNull();
    assertThat(results(outcome)).containsOnlyKeys("r1");
  }

  @Test
  @DisplayName("never calls revoked what no list has proven")
  void notVerified() {
    lists = number -> number == 1 ? items(item("r1", "refresh", "A")) : 403;

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
    assertThat(outcome.verification()).isNull();
    assertThat(outcome.error().code()).isEqualTo("not_verified");
  }

  @Test
  @DisplayName(
      "a person who is deleted after all their authorizations were is revoked, not a fault")
  void personGone() {
    lists =
        number ->
            number == 1
                ? items(
                    item("r1", "refresh", "A"),
                    item("a1", "access", "A"),
                    item("b1", "access", "B"))
                : 404;

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(outcome.error()).isNull();
    assertThat(outcome.verification().basis()).isEqualTo(Basis.PERSON_UNKNOWN);
    assertThat(outcome.verification().remaining()).isZero();
    assertThat(results(outcome))
        .containsEntry("r1", Result.REVOKED)
        .containsEntry("a1", Result.REVOKED_WITH_REFRESH)
        .containsEntry("b1", Result.REVOKED);
  }

  @Test
  @DisplayName("an unknown person proves nothing of what was refused before")
  void personGoneTooEarly() {
    lists =
        number -> number == 1 ? items(item("r1", "refresh", "A"), item("r2", "refresh", "B")) : 404;
    deletes = id -> id.equals("r2") ? 400 : 204;

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
    assertThat(outcome.error().code()).isEqualTo("not_verified");
    assertThat(results(outcome)).containsEntry("r2", Result.FAILED);
  }

  @Test
  @DisplayName("an address beside an unknown id is not asked for, and the outcome says so")
  void addressBesideUnknownId() {
    lists = number -> 404;
    Person ann = new Person(Identifier.of("person-1"), "ann@example.com", null);

    Outcome outcome = revoke(new UserTerminated(attributes(), ann, null, null, List.of()));

    assertThat(outcome.status()).isEqualTo(Status.SUBJECT_NOT_FOUND);
    assertThat(calls).containsOnly("list");
    assertThat(outcome.notes()).singleElement().asString().startsWith("personEmail");
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 650, 1_250})
  @DisplayName("goes on for as long as a list that shows only a part shows something new")
  void cappedList(int all) {
    lists =
        number ->
            items(
                IntStream.range(0, all)
                    .filter(i -> !calls.contains("delete a" + i))
                    .limit(100)
                    .mapToObj(i -> item("a" + i, "access", "C" + i))
                    .toArray(JsonObject[]::new));

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(outcome.authorizations()).hasSize(all);
    assertThat(results(outcome).values()).containsOnly(Result.REVOKED);
    assertThat(calls.stream().filter("list"::equals)).hasSize((all + 99) / 100 + 1);
  }

  @Test
  @DisplayName("an app that mints tokens without end is given up when the event's time is over")
  void mintedWithoutEnd() {
    lists =
        number -> {
          if (number == 9) {
            clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(3));
          }
          return items(item("r" + number, "refresh", "A"));
        };

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
    assertThat(outcome.error().code()).isEqualTo("still_live");
    assertThat(calls.stream().filter("list"::equals)).hasSize(9);
  }

  @Test
  @DisplayName("an API that lists new ones without end is given up at a bound, and named as far")
  void listedWithoutEnd() {
    mostAuthorizations = 40;
    lists = number -> items(item("r" + number, "refresh", "A"), item("x" + number, "access", "B"));

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
    assertThat(outcome.error().code()).isEqualTo("still_live");
    assertThat(outcome.authorizations()).hasSizeBetween(40, 42);
  }

  @Test
  @DisplayName("time to revoke counts since the event reached Kafka, or took effect after that")
  void timeToRevoke() {
    lists = number -> items();
    Instant arrived = Instant.now().minusSeconds(3_600);
    coordinates = new RecordCoordinates("t", 0, 0, arrived.toEpochMilli(), Instant.now());
    assertThat(revoke().timeToRevoke()).isBetween(Duration.ofHours(1), Duration.ofMinutes(61));

    EffectiveTime later = new EffectiveTime(arrived.plusSeconds(3_000), "effectiveAt");
    Outcome outcome =
        revoke(
            new UserTerminated(
                attributes(),
                new Person(Identifier.of("person-1"), null, null),
                later,
                null,
                List.of()));
    assertThat(outcome.timeToRevoke()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
  }

  @Test
  @DisplayName("takes a 404 or 410 on a delete for gone only once the list agrees")
  void alreadyGone() {
    lists =
        number ->
            number == 1 ? items(item("r1", "refresh", "A"), item("r2", "refresh", "B")) : items();
    deletes = id -> id.equals("r1") ? 404 : 410;

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(results(outcome))
        .containsEntry("r1", Result.ALREADY_GONE)
        .containsEntry("r2", Result.ALREADY_GONE);
  }

  @Test
  @DisplayName("does not ask again for what was refused for good")
  void refused() {
    lists =
        number ->
            number == 1
                ? items(item("r1", "refresh", "A"), item("r2", "refresh", "B"))
                : items(item("r2", "refresh", "B"));
    deletes = id -> id.equals("r2") ? 400 : 204;

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
    assertThat(calls).containsExactlyInAnyOrder("list", "delete r1", "delete r2", "list");
    assertThat(outcome.verification().remaining()).isEqualTo(1);
  }

  @Test
  @DisplayName("leaves alone what the API lists for somebody whom the event does not name")
  void anothers() {
    lists =
        number -> {
          JsonObject anothers = item("x1", "refresh", "A").put("personId", "somebody-else");
          return number == 1 ? items(item("r1", "refresh", "A"), anothers) : items(anothers);
        };

    Outcome outcome = revoke();

    assertThat(calls).doesNotContain("delete x1").contains("delete r1");
    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
  }

  @Test
  @DisplayName(
      "deletes nothing of a list for which there is no memory, and all of it once others have ended")
  void cutByMemory() {
    RelistBackoff inRealTime = inRealTime();
    Promise<Void> first = memoryIsTaken(inRealTime);
    Set<String> left = new ConcurrentSkipListSet<>(names("b", 100));
    lists =
        number ->
            items(left.stream().map(id -> item(id, "refresh", id)).toArray(JsonObject[]::new));
    deletes = id -> left.remove(id) ? 204 : 404;

    CompletableFuture<Outcome> second = start(terminated(), inRealTime, () -> true);
    await().until(() -> flow.eventsWaitingForMemory() == 1);
    assertThat(calls).containsExactly("list");
    assertThat(second).isNotDone();
    first.complete();

    Outcome outcome = second.join();
    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(results(outcome)).hasSize(100).containsOnlyKeys(names("b", 100));
    assertThat(results(outcome).values()).containsOnly(Result.REVOKED);
    assertThat(flow.eventsWaitingForMemory()).isZero();
  }

  @Test
  @DisplayName("says in a dry run all that would go, though there was no memory for it at first")
  void dryRunCutByMemory() {
    RelistBackoff inRealTime = inRealTime();
    Promise<Void> first = memoryIsTaken(inRealTime);
    untouched = new Untouched(() -> ProtectedList.NONE, Optional::empty, Execution.DRY_RUN);
    lists = number -> items(many("b", 1_200));

    CompletableFuture<Outcome> outcome = start(terminated(), inRealTime, () -> true);
    await().until(() -> flow.eventsWaitingForMemory() == 1);
    first.complete();

    assertThat(outcome.join().authorizations()).hasSize(1_200);
    assertThat(calls).containsOnly("list");
  }

  /** An event has ended that holds more than all may, and its outcome is not published. */
  private Promise<Void> memoryIsTaken(RelistBackoff relistBackoff) {
    maxAuthorizations = 1;
    lists = number -> number == 1 ? items(many("a", 100)) : items();
    assertThat(revoke(terminated(), relistBackoff).status()).isEqualTo(Status.REVOKED);
    calls.clear();
    Promise<Void> unpublished = released;
    released = Promise.promise();
    return unpublished;
  }

  private RelistBackoff inRealTime() {
    return new RelistBackoff(
        List.of(), length -> vertx.timer(length.toMillis(), TimeUnit.MILLISECONDS));
  }

  private static JsonObject[] many(String prefix, int count) {
    return names(prefix, count).stream()
        .map(id -> item(id, "refresh", id))
        .toArray(JsonObject[]::new);
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> String.format("%s%04d", prefix, i)).toList();
  }

  @Test
  @DisplayName(
      "asked by address, deletes nothing of a person who was named for another address before, and"
          + " goes on once the API names somebody else")
  void namedForEveryAddress() {
    lists = number -> items(item("r1", "refresh", "A").put("personId", "admin"));
    deletes = id -> 400;
    assertThat(revoke(byAddress("ann@example.com")).status()).isEqualTo(Status.FAILED);
    assertThat(calls).containsExactly("list", "delete r1", "list");

    deletes = id -> 204;
    calls.clear();
    lists =
        number -> {
          assertThat(calls).as("while the API names the admin").doesNotContain("delete r1");
          return number < 4
              ? items(item("r1", "refresh", "A").put("personId", "admin"))
              : number == 4 ? items(item("b1", "refresh", "A").put("personId", "bob")) : items();
        };
    Outcome second = revoke(byAddress("bob@example.com"));

    assertThat(second.status()).isEqualTo(Status.REVOKED);
    assertThat(results(second)).containsOnlyKeys("b1");
    assertThat(calls).containsExactly("list", "list", "list", "list", "delete b1", "list");
    assertThat(flow.eventsHeld()).isZero();
  }

  @Test
  @DisplayName("hands back an event that waits because of whom the API names, once it has to stop")
  void heldAndStopped() {
    lists = number -> items(item("r1", "refresh", "A").put("personId", "admin"));
    deletes = id -> 400;
    revoke(byAddress("ann@example.com"));
    AtomicBoolean wanted = new AtomicBoolean(true);
    calls.clear();
    lists =
        number -> {
          wanted.set(number < 3);
          return items(item("r1", "refresh", "A").put("personId", "admin"));
        };

    assertThatThrownBy(() -> start(byAddress("bob@example.com"), relistBackoff, wanted::get).join())
        .hasRootCauseInstanceOf(RequestCancelledException.class);
    assertThat(calls).containsOnly("list");
    assertThat(flow.eventsHeld()).isZero();
  }

  @Test
  @DisplayName("takes one address for the same in any case")
  void sameAddress() {
    lists = number -> number % 2 == 1 ? items(item("r1", "refresh", "A")) : items();
    assertThat(revoke(byAddress("ann@example.com")).status()).isEqualTo(Status.REVOKED);
    assertThat(revoke(byAddress("ANN@example.com")).status()).isEqualTo(Status.REVOKED);
  }

  @Test
  @DisplayName("asked by address, leaves alone what the API lists without a person")
  void withoutPerson() {
    JsonObject nobodys = item("x1", "refresh", "B");
    nobodys.remove("personId");
    lists = number -> number == 1 ? items(item("r1", "refresh", "A"), nobodys) : items(nobodys);

    Outcome outcome = revoke(byAddress("ann@example.com"));

    assertThat(outcome.status()).isEqualTo(Status.PARTIALLY_REVOKED);
    assertThat(calls).containsExactly("list", "delete r1", "list");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PERSON-1", "person-1 ", "person-2"})
  @DisplayName("asked by id, takes only the same id for the same person, case included")
  void exactIds(String listed) {
    lists = number -> items(item("r1", "refresh", "A").put("personId", listed));

    assertThat(revoke().status()).isEqualTo(Status.FAILED);
    assertThat(calls).containsExactly("list");
  }

  @Test
  @DisplayName("sends no delete for an item without an id, and does not call its list empty")
  void withoutId() {
    lists = number -> items(item("", "refresh", "A"));

    Outcome outcome = revoke();

    assertThat(calls).containsExactly("list");
    assertThat(outcome.status()).isEqualTo(Status.FAILED);
  }

  @Test
  @DisplayName("an item without an id is told of, though a later list lacks it")
  void withoutIdOnce() {
    lists =
        number ->
            number == 1 ? items(item("r1", "refresh", "A"), item("", "access", "B")) : items();

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(results(outcome)).containsEntry("", Result.ALREADY_GONE);
  }

  @Test
  @DisplayName("deletes what an app mints meanwhile")
  void minted() {
    lists =
        number ->
            switch (number) {
              case 1 -> items(item("r1", "refresh", "A"));
              case 2 -> items(item("r2", "refresh", "A"));
              default -> items();
            };

    assertThat(revoke().status()).isEqualTo(Status.REVOKED);
    assertThat(calls).containsExactly("list", "delete r1", "list", "delete r2", "list");
  }

  @Test
  @DisplayName(
      "an app's end is called accepted, for no list proves it; an unknown app is no success")
  void app() {
    assertThat(revoke(decommissioned()).status()).isEqualTo(Status.ACCEPTED);
    deletes = id -> 404;
    assertThat(revoke(decommissioned()).status()).isEqualTo(Status.SUBJECT_NOT_FOUND);
    deletes = id -> 400;
    assertThat(revoke(decommissioned()).status()).isEqualTo(Status.FAILED);
  }

  @Test
  @DisplayName("a shortened outcome is still an outcome, and says how much it left out")
  void shortened() {
    JsonObject[] many =
        IntStream.range(0, 1_000)
            .mapToObj(i -> item("r" + i, "refresh", "C" + i))
            .toArray(JsonObject[]::new);
    lists = number -> number == 1 ? items(many) : items();

    Outcome whole = revoke();
    byte[] json = new OutcomeFormat().toShortJson(whole);
    byte[] shortest = new OutcomeFormat().toShortestJson(whole);

    Schemas.assertValidOutcome(json);
    JsonObject truncated = new JsonObject(Buffer.buffer(json)).getJsonObject("truncated");
    assertThat(truncated.getInteger("authorizations")).isEqualTo(1_000);
    assertThat(truncated.getJsonArray("named")).hasSize(800);
    assertThat(json.length).isLessThan(200_000);
    Schemas.assertValidOutcome(shortest);
    assertThat(shortest.length).isLessThan(2_000);
  }

  @Test
  @DisplayName("names as gone what an earlier attempt noted and no list shows any more")
  void gone() {
    notes = earlier(note(coordinates.caseId(), 0, "a", "OFFBOARDER_1"));

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(results(outcome)).isEqualTo(Map.of("a", Result.GONE));
    assertThat(outcome.authorizations().get(0).trackingId()).isEqualTo("OFFBOARDER_1");
    assertThat(calls).containsExactly("list");
  }

  @Test
  @DisplayName("deletes what an earlier attempt noted and is still listed, and calls it revoked")
  void notedAndListed() {
    notes =
        earlier(
            note(coordinates.caseId(), 0, "a", "OFFBOARDER_1"),
            note(coordinates.caseId(), 0, "b", "OFFBOARDER_2"));
    lists = number -> number == 1 ? items(item("a", "refresh", "c")) : items();

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.REVOKED);
    assertThat(results(outcome)).isEqualTo(Map.of("a", Result.REVOKED, "b", Result.GONE));
    assertThat(calls).containsExactly("list", "delete a", "list");
  }

  @Test
  @DisplayName("takes nothing from notes of another case, of another look, or of nobody")
  void notesOfOthers() {
    notes =
        earlier(
            note("another", 0, "a", "OFFBOARDER_1"),
            note(coordinates.caseId(), 1, "b", "OFFBOARDER_2"),
            new byte[] {1, 2});

    Outcome outcome = revoke();

    assertThat(outcome.status()).isEqualTo(Status.NOTHING_TO_REVOKE);
    assertThat(outcome.authorizations()).isEmpty();
  }

  private static CaseNotes earlier(byte[]... notes) {
    return new CaseNotes(0, List.of(notes), false, note -> Future.succeededFuture(true));
  }

  private static byte[] note(String caseId, int look, String id, String trackingId) {
    Authorization authorization =
        new Authorization(id, AuthorizationType.REFRESH, null, "c", null, "App c", null);
    return new DeletionNote(
            caseId,
            "user-terminated",
            look,
            false,
            1,
            null,
            null,
            null,
            List.of(new Deletion(authorization, trackingId)))
        .write();
  }

  private Outcome revoke() {
    return revoke(terminated());
  }

  private static OffboardingEvent byAddress(String address) {
    Person person = new Person(null, address, null);
    return new UserTerminated(attributes(), person, null, null, List.of());
  }

  private static OffboardingEvent terminated() {
    return new UserTerminated(
        attributes(), new Person(Identifier.of("person-1"), null, null), null, null, List.of());
  }

  private Outcome revoke(OffboardingEvent event) {
    return revoke(event, relistBackoff);
  }

  private Outcome revoke(OffboardingEvent event, RelistBackoff relistBackoff) {
    Outcome ended = start(event, relistBackoff, () -> true).join();
    Schemas.assertValidOutcome(new OutcomeFormat().toJson(ended));
    return ended;
  }

  private CaseNotes notes = CaseNotes.NONE;

  private CompletableFuture<Outcome> start(
      OffboardingEvent event, RelistBackoff relistBackoff, BooleanSupplier wanted) {
    WebexSettings settings =
        WebexSettings.at(
            URI.create("http://localhost:" + server.actualPort() + "/v1"),
            new Credentials.StaticToken(Secret.of("token")));
    var outcome = new CompletableFuture<Outcome>();
    vertx.runOnContext(
        v -> {
          if (flow == null) {
            flow =
                new RevocationFlow(
                    AuthorizationsClient.create(vertx, settings),
                    time(),
                    new RevocationLimits(Duration.ofMinutes(2), mostAuthorizations, relistBackoff),
                    maxAuthorizations,
                    loop(vertx.getOrCreateContext()));
          }
          flow.revoke(
                  event,
                  new EventContext(
                      coordinates,
                      new EventLog("e1", "s", null),
                      GateListener.NONE,
                      Cancellation.when(() -> !wanted.getAsBoolean()),
                      untouched,
                      Urgency.NOW,
                      notes,
                      released.future()))
              .onComplete(outcome::complete, outcome::completeExceptionally);
        });
    return outcome.orTimeout(30, TimeUnit.SECONDS);
  }

  private static Executor loop(Context context) {
    return task -> context.runOnContext(v -> task.run());
  }

  /** Whatever the clock is at the moment. */
  private Clock time() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return clock.instant();
      }
    };
  }

  private static OffboardingEvent decommissioned() {
    return new AppDecommissioned(
        attributes(), new App("client", Identifier.of("org"), null), null, null, List.of());
  }

  private static EventAttributes attributes() {
    return new EventAttributes(
        "e1",
        "user-terminated",
        "/hr",
        "2026-11-23T09:00:00Z",
        Instant.parse("2026-11-23T09:00:00Z"),
        TraceContext.NONE);
  }

  private static Map<String, Result> results(Outcome outcome) {
    return outcome.authorizations().stream()
        .collect(Collectors.toMap(one -> one.authorization().id(), Revocation::result));
  }

  private static JsonArray items(JsonObject... items) {
    return new JsonArray(List.of(items));
  }

  private static JsonObject item(String id, String type, String clientId) {
    return new JsonObject()
        .put("id", id)
        .put("type", type)
        .put("clientId", clientId)
        .put("personId", "person-1")
        .put("applicationName", "App " + clientId)
        .put("created", "2015-10-18T14:26:16+00:00");
  }
}
