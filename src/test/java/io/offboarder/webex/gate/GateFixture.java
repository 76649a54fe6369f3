package io.offboarder.webex.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationRequests;
import io.offboarder.webex.AuthorizationResponses;
import io.offboarder.webex.Lists;
import io.offboarder.webex.Person;
import io.offboarder.webex.credentials.ResolvedCredentials;
import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.gate.Answer.Done;
import io.offboarder.webex.gate.Answer.Refused;
import io.offboarder.webex.gate.RequestContext.Priority;
import io.offboarder.webex.gate.SimulatedApi.Asked;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.Operation;
import io.offboarder.webex.limit.PauseSettings;
import io.vertx.core.Future;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A gate before an API that is simulated, in virtual time. */
abstract class GateFixture {

  static final String FORBIDDEN = "{\"message\":\"refused to fulfill it\"}";

  final VirtualEventLoop loop = new VirtualEventLoop();
  final Random random = new Random(42);
  final SimulatedApi api = new SimulatedApi(loop, random);
  ResolvedCredentials values = new ResolvedCredentials.Token("token-0");
  final TokenSource tokens = new TokenSource(loop, () -> Future.succeededFuture(values));
  RequestGate gate = gate(64);

  RequestGate gate(int concurrency) {
    return gate(concurrency, OptionalDouble.empty());
  }

  RequestGate gate(int concurrency, OptionalDouble maxRequestsPerSecond) {
    GateSettings settings =
        new GateSettings(
            concurrency,
            maxRequestsPerSecond,
            GateSettings.Retries.defaults(),
            GateSettings.Probes.defaults(),
            PauseSettings.defaults(),
            Pseudonymizer.NONE);
    return new RequestGate(loop, random, settings, api, tokens, GateListener.NONE);
  }

  static RequestContext caller(String id) {
    return new RequestContext(id, Priority.TERMINATION);
  }

  Future<Answer<List<Authorization>>> list(String person) {
    return gate.submit(
        caller("event-of-" + person),
        AuthorizationRequests.list(new Person.ById(person)),
        Lists::authorizations);
  }

  List<Future<Answer<List<Authorization>>>> lists(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> list(prefix + i)).toList();
  }

  /** Deletes, each of another caller. */
  List<Future<Answer<Void>>> deletes(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                gate.submit(
                    caller("d" + i),
                    AuthorizationRequests.delete("a" + i),
                    AuthorizationResponses::deleted))
        .toList();
  }

  static ApiResponse empty() {
    return SimulatedApi.answer(200, "{\"items\":[]}");
  }

  static ApiResponse ofOperation(Asked asked, Function<Asked, ApiResponse> authorizations) {
    if (asked.request().operation() == Operation.TOKEN_EXPIRY) {
      return SimulatedApi.answer(200, "{\"exp\":1}");
    }
    return authorizations.apply(asked);
  }

  static <T> boolean isDone(Future<Answer<T>> future) {
    return future.isComplete() && future.result() instanceof Done;
  }

  static Refused<?> refused(Future<? extends Answer<?>> future) {
    assertThat(future.isComplete()).as("answered").isTrue();
    assertThat(future.result()).isInstanceOf(Refused.class);
    return (Refused<?>) future.result();
  }
}
