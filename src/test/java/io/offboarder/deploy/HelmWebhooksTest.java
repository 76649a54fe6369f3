package io.offboarder.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.openshift.api.model.monitoring.v1.PodMetricsEndpoint;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitorSpec;
import io.offboarder.config.ConfigReader;
import io.offboarder.config.ConfigResult;
import io.offboarder.config.Section;
import io.offboarder.testing.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The Helm chart, where it takes webhooks")
class HelmWebhooksTest extends HelmFixture {
  private static final String[] WEBHOOKS = {
    "webex.existingSecret=webex",
    "kafkaClient.existingSecret=kafka",
    "webhooks.enabled=true",
    "webhooks.tlsSecret=hooks-tls",
    "webhooks.existingSecret=senders",
    "webhooks.kafkaClientSecret=kafka-hooks",
    "config.webhooks.endpoints[0].path=/okta",
    "config.webhooks.endpoints[0].topic=hr.user-terminated",
    "config.webhooks.endpoints[0].verify=okta",
    "config.webhooks.endpoints[0].secret-file=/etc/offboarder/webhooks/okta"
  };

  @Test
  @DisplayName("takes webhooks in pods of their own, which have none of the API's credentials")
  void webhooks() throws IOException {
    assertThat(render(LEAST).keySet()).noneMatch(kind -> kind.endsWith("of webhooks"));
    Map<String, Object> manifests = render(WEBHOOKS);
    PodSpec pod =
        ((Deployment) manifests.get("Deployment of webhooks")).getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers().get(0).getArgs()).containsExactly("intake", "http");
    assertThat(pod.getVolumes().stream().filter(volume -> volume.getSecret() != null))
        .extracting(
            volume -> volume.getSecret().getSecretName(),
            volume -> volume.getSecret().getDefaultMode())
        .containsExactly(
            tuple("senders", 0400), tuple("hooks-tls", 0400), tuple("kafka-hooks", 0400));
    SecurityContext security = pod.getContainers().get(0).getSecurityContext();
    assertThat(security.getReadOnlyRootFilesystem()).isTrue();
    assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(25 + 35 + 5);
    Map<String, String> pods =
        ((Service) manifests.get("Service of webhooks")).getSpec().getSelector();
    assertThat(((Deployment) manifests.get("Deployment of webhooks")).getSpec().getSelector())
        .extracting(LabelSelector::getMatchLabels)
        .isEqualTo(pods)
        .isNotEqualTo(((Service) manifests.get("Service")).getSpec().getSelector());
  }

  @Test
  @DisplayName("has the webhooks' pods measured too, as the service's are")
  void webhooksMeasured() throws IOException {
    List<String> set = new ArrayList<>(List.of(WEBHOOKS));
    assertThat(render(WEBHOOKS)).doesNotContainKey("PodMonitor of webhooks");
    set.add("serviceMonitor.enabled=true");
    set.add("http.tokenSecret=port");
    Map<String, Object> manifests = render(set.toArray(String[]::new));
    PodMonitorSpec monitor = ((PodMonitor) manifests.get("PodMonitor of webhooks")).getSpec();
    assertThat(monitor.getSelector().getMatchLabels())
        .isEqualTo(
            ((Deployment) manifests.get("Deployment of webhooks"))
                .getSpec()
                .getSelector()
                .getMatchLabels());
    PodMetricsEndpoint endpoint = monitor.getPodMetricsEndpoints().get(0);
    assertThat(endpoint.getPort()).isEqualTo("http");
    assertThat(endpoint.getAuthorization().getCredentials().getName()).isEqualTo("port");
  }

  @Test
  @DisplayName("lets webhooks' pods out to DNS and Kafka alone, and in at their own port")
  void webhooksPolicy() throws IOException {
    NetworkPolicySpec policy =
        ((NetworkPolicy) render(WEBHOOKS).get("NetworkPolicy of webhooks")).getSpec();
    assertThat(
            policy.getEgress().stream()
                .flatMap(rule -> rule.getPorts().stream())
                .map(port -> port.getPort().getIntVal()))
        .containsExactly(53, 53, 9092, 9093, 9094);
    assertThat(policy.getIngress().get(0).getPorts().get(0).getPort().getStrVal())
        .isEqualTo("hooks");
    assertThat(policy.getIngress().get(0).getFrom()).isEmpty();
  }

  @Test
  @DisplayName("writes settings that intake http accepts, and asks for TLS or for words")
  void webhooksSettings() throws IOException {
    Certificate port = Certificate.of(directory, "localhost");
    String yaml =
        ((ConfigMap) render(WEBHOOKS).get("ConfigMap"))
            .getData()
            .get("offboarder.yaml")
            .replace("/etc/offboarder/webhooks-tls/tls.crt", port.pem().toString())
            .replace("/etc/offboarder/webhooks-tls/tls.key", port.keyPem().toString())
            .replace(
                "/etc/offboarder/webhooks/okta",
                Files.writeString(directory.resolve("okta"), "a-secret-value").toString());
    Path config = Files.writeString(directory.resolve("offboarder.yaml"), yaml);
    assertThat(new ConfigReader(Map.of(), () -> "pod-0").read(Section.WEBHOOKS, config))
        .as(yaml)
        .isInstanceOf(ConfigResult.Valid.class);
    assertThatThrownBy(() -> render("webex.existingSecret=w", "webhooks.enabled=true"))
        .hasMessageContaining("webhooks.tlsSecret is empty");
    assertThatThrownBy(
            () -> render("webex.existingSecret=w", "webhooks.enabled=true", "webhooks.tlsSecret=t"))
        .hasMessageContaining("config.webhooks.endpoints is empty");
  }
}
