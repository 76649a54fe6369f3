package io.offboarder.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationType;
import io.offboarder.webex.Person;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is known of a person's authorizations")
class AuthorizationTrackerTest {

  @Test
  @DisplayName(
      "says which go along with a refresh authorization, each with the first that takes it")
  void takenAlong() {
    AuthorizationTracker tracker = tracker();
    Authorization refresh = one("r1", AuthorizationType.REFRESH, "A");
    Authorization second = one("r2", AuthorizationType.REFRESH, "A");
    Authorization access = one("a1", AuthorizationType.ACCESS, "A");
    Authorization another = one("b1", AuthorizationType.ACCESS, "B");
    Authorization ofNoApp = one("c1", AuthorizationType.ACCESS, null);
    tracker.listed(
        List.of(refresh, second, access, another, ofNoApp), Sparing.NOTHING, Instant.EPOCH);

    assertThat(tracker.takenAlongBy(List.of(refresh, second, another)))
        .isEqualTo(Map.of(refresh, List.of(access)));
  }

  @Test
  @DisplayName("is gone through in time that grows with their number, not with its square")
  void linear() {
    round(4_000);
    long few = round(4_000);
    long many = round(32_000);

    assertThat((double) many / few).as("eight times as many").isLessThan(32);
  }

  /** The processor time of one round; in nanoseconds. */
  private static long round(int apps) {
    List<Authorization> listed =
        IntStream.range(0, apps)
            .boxed()
            .flatMap(
                app ->
                    Stream.of(
                        one("r" + app, AuthorizationType.REFRESH, "C" + app),
                        one("a" + app, AuthorizationType.ACCESS, "C" + app)))
            .toList();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long from = threads.getCurrentThreadCpuTime();
    AuthorizationTracker tracker = tracker();
    tracker.listed(listed, Sparing.NOTHING, Instant.EPOCH);
    assertThat(tracker.takenAlongBy(tracker.toDelete())).hasSize(apps);
    tracker.listed(List.of(), Sparing.NOTHING, Instant.EPOCH);
    return threads.getCurrentThreadCpuTime() - from;
  }

  private static AuthorizationTracker tracker() {
    return new AuthorizationTracker(
        new OwnershipCheck(new Person.ById("person-1"), new KnownAddresses()));
  }

  private static Authorization one(String id, AuthorizationType type, @Nullable String clientId) {
    return new Authorization(id, type, "person-1", clientId, null, null, null);
  }
}
