package io.offboarder.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offboarder.event.EffectiveTime;
import io.offboarder.event.Identifier;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.UserTerminated;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Revocation;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.testing.Schemas;
import io.offboarder.webex.gate.RequestCancelledException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The flow of one event")
class RevocationFlowTest extends RevocationFixture {
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
}
