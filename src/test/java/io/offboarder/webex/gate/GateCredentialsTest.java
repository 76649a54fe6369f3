package io.offboarder.webex.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.webex.Authorization;
import io.offboarder.webex.credentials.ResolvedCredentials;
import io.offboarder.webex.http.Operation;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The request gate while credentials are refused, in virtual time")
class GateCredentialsTest extends GateFixture {

  @Test
  @DisplayName("a static token that is refused stops everything until its replacement is there")
  void staticTokenRefused() {
    api.behaviour =
        asked -> "token-1".equals(asked.token()) ? empty() : SimulatedApi.answer(401, FORBIDDEN);
    List<Future<Answer<List<Authorization>>>> all = lists("p", 100);
    loop.run(Duration.ofHours(1));

    assertThat(all).noneMatch(Future::isComplete);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.CREDENTIALS_REFUSED);
    assertThat(gate.status().words()).contains("401 to the access token");
    assertThat(api.asked.size()).isLessThan(64 + 60 * 20);

    values = new ResolvedCredentials.Token("token-1");
    gate.recheckCredentials();
    loop.run(Duration.ofSeconds(5));
    assertThat(all).allMatch(GateFixture::isDone);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OPEN);
  }

  @Test
  @DisplayName("a refused refresh, and a 401 for a fresh token, stop everything and heal")
  void refreshRefused() {
    values = new ResolvedCredentials.Grant("client", "client-secret", "refresh-0");
    int[] issued = {0};
    boolean[] refuseRefresh = {true};
    boolean[] refuseTokens = {false};
    api.behaviour =
        asked -> {
          if (asked.request().operation() == Operation.REFRESH) {
            return refuseRefresh[0]
                ? SimulatedApi.answer(
                    400,
                    "{\"error\":\"invalid_request\",\"error_description\":\"refresh-0 expired\"}")
                : SimulatedApi.answer(200, "{\"access_token\":\"issued-" + ++issued[0] + "\"}");
          }
          return refuseTokens[0] ? SimulatedApi.answer(401, "") : empty();
        };
    List<Future<Answer<List<Authorization>>>> all = lists("p", 100);
    loop.run(Duration.ofMinutes(30));
    assertThat(all).noneMatch(Future::isComplete);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.CREDENTIALS_REFUSED);
    assertThat(gate.status().words()).contains("invalid_request").doesNotContain("refresh-0");
    assertThat(api.asked.size()).isBetween(30, 30 * 20);

    refuseRefresh[0] = false;
    refuseTokens[0] = true;
    loop.run(Duration.ofMinutes(30));
    assertThat(all).noneMatch(Future::isComplete);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.CREDENTIALS_REFUSED);

    refuseTokens[0] = false;
    loop.run(Duration.ofSeconds(40));
    assertThat(all).allMatch(GateFixture::isDone);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OPEN);
  }

  @Test
  @DisplayName("401 for one request while others succeed is that request's")
  void unauthorizedForOne() {
    api.behaviour =
        asked -> asked.isAbout("poison") ? SimulatedApi.answer(401, FORBIDDEN) : empty();
    Future<Answer<List<Authorization>>> poison = list("poison");
    List<Future<Answer<List<Authorization>>>> healthy = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      healthy.add(list("p" + i));
      loop.run(Duration.ofSeconds(1));
    }
    assertThat(healthy).allMatch(GateFixture::isDone);
    assertThat(refused(poison).refusal().code()).isEqualTo("attempts_exhausted");
    assertThat(refused(poison).call().status().code()).isEqualTo(401);
  }

  @Test
  @DisplayName("403 for everybody stops everything and heals")
  void forbiddenForEverybody() {
    api.behaviour = asked -> ofOperation(asked, any -> SimulatedApi.answer(403, FORBIDDEN));
    List<Future<Answer<List<Authorization>>>> all = lists("p", 40);
    loop.run(Duration.ofHours(1));
    assertThat(all).noneMatch(Future::isComplete);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.CREDENTIALS_REFUSED);
    assertThat(api.asked.size()).isLessThan(60 * 20);

    api.behaviour = any -> empty();
    loop.run(Duration.ofSeconds(40));
    assertThat(all).allMatch(GateFixture::isDone);
  }

  @Test
  @DisplayName("403 on every delete stops the deletes though lists are allowed")
  void forbiddenToDelete() {
    api.behaviour =
        asked ->
            asked.request().operation() == Operation.DELETE
                ? SimulatedApi.answer(403, FORBIDDEN)
                : empty();
    List<Future<Answer<Void>>> deletes = deletes(10);
    for (int i = 0; i < 20; i++) {
      list("p" + i);
      loop.run(Duration.ofMinutes(1));
    }
    assertThat(deletes).noneMatch(Future::isComplete);
  }

  @Test
  @DisplayName("403 for one person while others succeed, or all alone, is that person's")
  void forbiddenForOne() {
    api.behaviour =
        asked ->
            ofOperation(
                asked,
                any -> asked.isAbout("other-org") ? SimulatedApi.answer(403, FORBIDDEN) : empty());
    Future<Answer<List<Authorization>>> alone = list("other-org");
    loop.run(Duration.ofSeconds(30));
    assertThat(refused(alone).refusal().code()).isEqualTo("forbidden");

    List<Future<Answer<List<Authorization>>>> healthy = lists("p", 20);
    loop.run(Duration.ofSeconds(1));
    List<Future<Answer<List<Authorization>>>> forbidden = lists("other-org", 10);
    loop.run(Duration.ofSeconds(5));
    assertThat(healthy).allMatch(GateFixture::isDone);
    assertThat(forbidden)
        .allSatisfy(one -> assertThat(refused(one).refusal().code()).isEqualTo("forbidden"));
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OPEN);
  }
}
