package io.offboarder.webex.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.webex.AuthorizationRequests;
import io.offboarder.webex.Lists;
import io.offboarder.webex.Person;
import io.offboarder.webex.credentials.ResolvedCredentials;
import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.gate.RequestContext.Priority;
import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.Operation;
import io.offboarder.webex.http.ResponseParser;
import io.offboarder.webex.http.Transport;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each place where the gate hands control to something else fails at times, in ways that nobody has
 * foreseen. Afterwards everything must be as if it had not.
 */
@DisplayName("A fault inside the gate, in virtual time,")
class GateFaultsTest {

  private static final int SEEDS = Integer.getInteger("offboarder.seeds", 1);

  /** Where it happens. */
  private enum Place {
    TRANSPORT_THROWS,
    TRANSPORT_FAILS,
    PARSER,
    LISTENER,
    CALLERS_LISTENER,
    CALLER,
    CREDENTIALS,
    TOKEN_ANSWER
  }

  private static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Fault() {
      super("a fault", null, false, false);
    }
  }

  private final VirtualEventLoop loop = new VirtualEventLoop();
  private Random random = new Random(1);
  private @Nullable Place place;
  private int tokens;

  private void maybe(Place here) {
    if (place == here && random.nextInt(3) == 0) {
      throw new Fault();
    }
  }

  private ApiResponse answer(SimulatedApi.Asked asked) {
    if (asked.request().operation() == Operation.REFRESH) {
      boolean broken = place == Place.TOKEN_ANSWER && random.nextInt(3) > 0;
      String body = broken ? brokenTokens()[random.nextInt(brokenTokens().length)] : "";
      return SimulatedApi.answer(
          200,
          body.isEmpty()
              ? "{\"access_token\":\"token-" + ++tokens + "\",\"expires_in\":60}"
              : body);
    }
    // A token that never expires is renewed when it is refused.
    boolean refused = "good".equals(asked.token()) && (place == null || random.nextInt(10) == 0);
    return SimulatedApi.answer(refused ? 401 : 200, "{\"items\":[],\"exp\":1}");
  }

  private static String[] brokenTokens() {
    return new String[] {
      "{\"access_token\":\"good\",\"expires_in\":20,\"refresh_token\":\"\\ud800\"}",
      "{\"access_token\":\"\\ud800\"}",
      "{\"access_token\":\"good\",\"expires_in\":1e400}",
      "{\"access_token\":\"good\",\"expires_in\":\"-1\",\"refresh_token\":7}",
      "{\"access_token\":{}}",
      "[]",
      "null",
      "{"
    };
  }

  private RequestGate gate() {
    SimulatedApi api = new SimulatedApi(loop, random);
    api.behaviour = this::answer;
    Transport transport =
        new Transport() {
          @Override
          public Future<ApiResponse> send(
              ApiRequest request,
              String trackingId,
              @Nullable String accessToken,
              BooleanSupplier mayStillGo) {
            maybe(Place.TRANSPORT_THROWS);
            if (place == Place.TRANSPORT_FAILS && random.nextInt(3) == 0) {
              return Future.failedFuture(new Fault());
            }
            return api.send(request, trackingId, accessToken, mayStillGo);
          }

          @Override
          public Future<Void> close() {
            return api.close();
          }
        };
    TokenSource source =
        new TokenSource(
            loop,
            () -> {
              maybe(Place.CREDENTIALS);
              return Future.succeededFuture(
                  new ResolvedCredentials.Grant("client", "secret", "refresh"));
            });
    return new RequestGate(
        loop,
        random,
        GateSettings.defaults(),
        transport,
        source,
        (operation, status, attempt, took) -> maybe(Place.LISTENER));
  }

  private Future<?> list(RequestGate gate, int number) {
    RequestContext caller =
        new RequestContext(
            "event-" + number,
            Priority.TERMINATION,
            (operation, status, attempt, took) -> maybe(Place.CALLERS_LISTENER),
            Cancellation.never());
    ResponseParser<?> parser =
        response -> {
          maybe(Place.PARSER);
          return Lists.authorizations(response);
        };
    Future<?> answer =
        gate.submit(caller, AuthorizationRequests.list(new Person.ById("p" + number)), parser);
    return answer.map(
        value -> {
          maybe(Place.CALLER);
          return value;
        });
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  @DisplayName("leaves no request without an end and no renewal that never comes back")
  void anywhere(Place where) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      random = new Random(seed);
      place = where;
      RequestGate gate = gate();
      List<Future<?>> all = new ArrayList<>();
      for (int second = 0; second < 300; second++) {
        all.add(list(gate, second));
        gate.recheckCredentials();
        loop.run(Duration.ofSeconds(1));
      }
      place = null;
      loop.run(Duration.ofMinutes(2));

      assertThat(all).as("seed %d", seed).allMatch(Future::isComplete);
      int issued = tokens;
      Future<?> next = list(gate, 1_000);
      loop.run(Duration.ofMinutes(3));
      assertThat(next.succeeded()).as("seed %d", seed).isTrue();
      assertThat(gate.status().state()).isEqualTo(GateStatus.State.OPEN);
      assertThat(gate.status().load().inFlight()).isZero();
      assertThat(gate.status().load().waiting()).isZero();
      list(gate, 1_001);
      loop.run(Duration.ofSeconds(1));
      assertThat(tokens).as("tokens issued, seed %d", seed).isGreaterThan(issued);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("in what a caller is asked fails that caller's request alone")
  void cancellation(boolean throwing) {
    RequestGate gate = gate();
    RequestContext caller =
        new RequestContext(
            "event",
            Priority.TERMINATION,
            GateListener.NONE,
            Cancellation.when(
                () -> {
                  if (throwing) {
                    throw new Fault();
                  }
                  return true;
                }));
    Future<?> one =
        gate.submit(
            caller, AuthorizationRequests.list(new Person.ById("p")), Lists::authorizations);
    Future<?> other = list(gate, 1);
    loop.run(Duration.ofSeconds(5));

    assertThat(one.cause()).isInstanceOf(throwing ? Fault.class : RequestCancelledException.class);
    assertThat(other.succeeded()).isTrue();
  }
}
