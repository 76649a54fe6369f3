package io.offboarder.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.event.Execution;
import io.offboarder.protection.ProtectedList;
import io.offboarder.protection.Untouched;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Status;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The flow of one event, within its bounds")
class RevocationBoundsTest extends RevocationFixture {
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
}
