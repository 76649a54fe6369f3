package io.offboarder.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The Helm chart's network policy")
class HelmNetworkPolicyTest extends HelmFixture {
  @Test
  @DisplayName("lets pods out to DNS, Kafka and the API alone")
  void egress() throws IOException {
    NetworkPolicySpec policy = policy("networkPolicy.kafka.ports[0]=9093");
    assertThat(policy.getPolicyTypes()).containsExactly("Ingress", "Egress");
    assertThat(
            policy.getEgress().stream()
                .flatMap(rule -> rule.getPorts().stream())
                .map(port -> port.getPort().getIntVal()))
        .containsExactly(53, 53, 9093, 443);
  }

  @Test
  @DisplayName("lets pods out to a schema registry where its port is named")
  void schemaRegistry() throws IOException {
    NetworkPolicySpec policy = policy("networkPolicy.schemaRegistry.ports[0]=8081");
    assertThat(
            policy.getEgress().stream()
                .flatMap(rule -> rule.getPorts().stream())
                .map(port -> port.getPort().getIntVal()))
        .contains(8081);
  }

  @Test
  @DisplayName("lets Prometheus in and its own test, not the namespace")
  void ingress() throws IOException {
    Map<String, String> test =
        Map.of(
            "app.kubernetes.io/name", "offboarder-test", "app.kubernetes.io/instance", "leavers");
    assertThat(scrapers(policy()))
        .containsExactly(Map.of("app.kubernetes.io/name", "prometheus"), test);
    assertThat(policy().getIngress().get(0).getFrom().get(0).getNamespaceSelector()).isNotNull();
    assertThat(scrapers(policy("networkPolicy.metricsFrom[0].podSelector.matchLabels.app=scraper")))
        .containsExactly(Map.of("app", "scraper"), test);
  }

  @Test
  @DisplayName("lets the instances reach each other, at any port")
  void peers() throws IOException {
    NetworkPolicySpec policy = policy();
    Map<String, String> instances = policy.getPodSelector().getMatchLabels();
    assertThat(policy.getIngress().get(1).getPorts()).isEmpty();
    assertThat(policy.getIngress().get(1).getFrom())
        .extracting(from -> from.getPodSelector().getMatchLabels())
        .containsExactly(instances);
    assertThat(policy.getEgress().get(0).getPorts()).isEmpty();
    assertThat(policy.getEgress().get(0).getTo())
        .extracting(to -> to.getPodSelector().getMatchLabels())
        .containsExactly(instances);
  }

  private NetworkPolicySpec policy(String... values) throws IOException {
    String[] all = Stream.concat(Stream.of(LEAST), Stream.of(values)).toArray(String[]::new);
    return ((NetworkPolicy) render(all).get("NetworkPolicy")).getSpec();
  }

  private static Stream<Map<String, String>> scrapers(NetworkPolicySpec policy) {
    assertThat(policy.getIngress()).hasSize(2);
    return policy.getIngress().get(0).getFrom().stream()
        .map(from -> from.getPodSelector().getMatchLabels());
  }
}
