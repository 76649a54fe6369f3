package io.offboarder.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The Helm chart")
class HelmChartTest extends HelmFixture {
  @Test
  @DisplayName("is well-formed")
  void lint() {
    assertThat(new Helm(CHART).lint().quiet().call().isFailed()).isFalse();
  }

  @Test
  @DisplayName("renders what Kubernetes knows, to the letter, whatever is switched on")
  void strict() throws IOException {
    assertThat(render(LEAST).keySet())
        .containsExactlyInAnyOrder(
            "ConfigMap",
            "NetworkPolicy",
            "Pod",
            "PodDisruptionBudget",
            "Service",
            "ServiceAccount",
            "StatefulSet");
    assertThat(render(ALL).keySet()).contains("ServiceMonitor", "PrometheusRule", "ScaledObject");
    PrometheusRule rule = (PrometheusRule) render(ALL).get("PrometheusRule");
    assertThat(rule.getSpec().getGroups().get(0).getRules()).hasSizeGreaterThan(5);
    assertThat(render("webex.existingSecret=w", "networkPolicy.enabled=false").keySet())
        .doesNotContain("NetworkPolicy");
  }

  @Test
  @DisplayName("lets KEDA scale it by each input topic, and then sets no number itself")
  void scaled() throws IOException {
    Map<String, Object> manifests = render(ALL);
    // KEDA's kind has no model class; it is read member by member.
    Map<?, ?> object = (Map<?, ?>) manifests.get("ScaledObject");
    assertThat(object.keySet()).asString().isEqualTo("[apiVersion, kind, metadata, spec]");
    assertThat(object.get("apiVersion")).isEqualTo("keda.sh/v1alpha1");
    Map<?, ?> spec = (Map<?, ?>) object.get("spec");
    assertThat(spec.get("scaleTargetRef"))
        .isEqualTo(Map.of("kind", "StatefulSet", "name", "leavers-offboarder"));
    assertThat(spec.get("triggers"))
        .isEqualTo(List.of(trigger("hr.user-terminated"), trigger("hr.app-decommissioned")));
    assertThat(((StatefulSet) manifests.get("StatefulSet")).getSpec().getReplicas()).isNull();
  }

  private static Map<String, Object> trigger(String topic) {
    return Map.of(
        "type", "kafka",
        "metadata",
            Map.of(
                "bootstrapServers", "kafka:9092",
                "consumerGroup", "offboarder",
                "topic", topic,
                "lagThreshold", "100"),
        "authenticationRef", Map.of("name", "kafka"));
  }

  @Test
  @DisplayName("asks for no more than the restricted Pod Security Standard allows")
  void restricted() throws IOException {
    StatefulSet set = (StatefulSet) render(LEAST).get("StatefulSet");
    PodSpec pod = set.getSpec().getTemplate().getSpec();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    List<Container> containers = new ArrayList<>(pod.getContainers());
    containers.addAll(((Pod) render(LEAST).get("Pod")).getSpec().getContainers());
    for (Container container : containers) {
      SecurityContext security = container.getSecurityContext();
      assertThat(security.getAllowPrivilegeEscalation()).isFalse();
      assertThat(security.getReadOnlyRootFilesystem()).isTrue();
      assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
    }
  }

  @Test
  @DisplayName("asks the management port as it wants to be asked, with TLS and a token or without")
  void managementPort() throws IOException {
    assertThat(probe(LEAST).getScheme()).isEqualTo("HTTP");
    assertThat(probe(ALL).getScheme()).isEqualTo("HTTPS");
    Endpoint endpoint =
        ((ServiceMonitor) render(ALL).get("ServiceMonitor")).getSpec().getEndpoints().get(0);
    assertThat(endpoint.getScheme()).asString().isEqualToIgnoringCase("https");
    assertThat(endpoint.getTlsConfig().getServerName()).isEqualTo("offboarder.example.com");
    assertThat(endpoint.getAuthorization().getCredentials().getName()).isEqualTo("port-token");
    Container test = ((Pod) render(ALL).get("Pod")).getSpec().getContainers().get(0);
    assertThat(test.getArgs()).last().asString().startsWith("https://");
    assertThatThrownBy(
            () ->
                render(
                    "webex.existingSecret=w", "http.tlsSecret=port", "serviceMonitor.enabled=true"))
        .hasMessageContaining("say how Prometheus checks the certificate");
  }

  private HTTPGetAction probe(String... values) throws IOException {
    return ((StatefulSet) render(values).get("StatefulSet"))
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .get(0)
        .getReadinessProbe()
        .getHttpGet();
  }

  @Test
  @DisplayName("names each instance after its pod, and gives it longer to stop than it takes")
  void stop() throws IOException {
    PodSpec pod =
        ((StatefulSet) render(LEAST).get("StatefulSet")).getSpec().getTemplate().getSpec();
    assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(25 + 35);
    EnvVar name =
        pod.getContainers().get(0).getEnv().stream()
            .filter(variable -> variable.getName().equals("OFFBOARDER_INSTANCE_ID"))
            .findFirst()
            .orElseThrow();
    assertThat(name.getValueFrom().getFieldRef().getFieldPath()).isEqualTo("metadata.name");
    assertThat(pod.getContainers().get(0).getReadinessProbe().getHttpGet().getPath())
        .isEqualTo("/health/ready");
    assertThat(pod.getContainers().get(0).getLivenessProbe().getHttpGet().getPath())
        .isEqualTo("/health/live");
  }

  @Test
  @DisplayName("lets the time to stop follow the program's own, and refuses less")
  void grace() throws IOException {
    assertThat(graceWith("config.shutdown-timeout=2m")).isEqualTo(120 + 35);
    assertThat(graceWith("config.shutdown-timeout=1500ms")).isEqualTo(2 + 35);
    assertThat(graceWith("terminationGracePeriodSeconds=90")).isEqualTo(90);
    assertThatThrownBy(() -> graceWith("terminationGracePeriodSeconds=30"))
        .hasMessageContaining("config.shutdown-timeout needs 60 at least");
    assertThatThrownBy(() -> graceWith("config.shutdown-timeout=soon"))
        .hasMessageContaining("config.shutdown-timeout is \"soon\"");
  }

  @Test
  @DisplayName(
      "mounts each Secret for its own user alone, and more volumes where they are asked for")
  void volumes() throws IOException {
    PodSpec pod = ((StatefulSet) render(ALL).get("StatefulSet")).getSpec().getTemplate().getSpec();
    assertThat(pod.getVolumes().stream().filter(volume -> volume.getSecret() != null))
        .extracting(Volume::getName, volume -> volume.getSecret().getDefaultMode())
        .containsExactly(
            tuple("webex", 0400),
            tuple("kafka", 0400),
            tuple("privacy", 0400),
            tuple("http-tls", 0400),
            tuple("http-token", 0400));
    assertThat(pod.getContainers().get(0).getVolumeMounts())
        .extracting(VolumeMount::getName, VolumeMount::getMountPath)
        .contains(
            tuple("privacy", "/etc/offboarder/privacy"),
            tuple("protected", "/etc/offboarder/protected"),
            tuple("authorities", "/etc/offboarder/authorities"));
    assertThat(pod.getVolumes())
        .anySatisfy(
            volume -> {
              assertThat(volume.getName()).isEqualTo("authorities");
              assertThat(volume.getConfigMap().getName()).isEqualTo("company-authorities");
            });
  }

  private long graceWith(String value) throws IOException {
    StatefulSet set = (StatefulSet) render("webex.existingSecret=webex", value).get("StatefulSet");
    return set.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds();
  }

  @Test
  @DisplayName("brings the alerts that the repository has")
  void alerts() {
    assertThat(CHART.resolve("files/offboarder-rules.yml"))
        .hasSameTextualContentAs(Path.of("monitoring/prometheus/offboarder-rules.yml"));
  }

  @Test
  @DisplayName("links each alert to where the runbook is")
  void runbook() throws IOException {
    PrometheusRule rule = (PrometheusRule) render(ALL).get("PrometheusRule");
    assertThat(rule.getSpec().getGroups().get(0).getRules())
        .isNotEmpty()
        .allSatisfy(
            alert ->
                assertThat(alert.getAnnotations().values())
                    .anyMatch(text -> text.startsWith("https://docs.example.com/RUNBOOK.md#")));
  }
}
