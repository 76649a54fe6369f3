package io.offboarder.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.PodMetricsEndpoint;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitorSpec;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
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
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

@DisplayName("The Helm chart")
class HelmChartTest {
  private static final Path CHART = Path.of("helm/offboarder");

  private static final Map<String, Class<?>> KINDS =
      Stream.<Class<?>>of(
              ServiceMonitor.class,
              PodMonitor.class,
              PrometheusRule.class,
              ConfigMap.class,
              StatefulSet.class,
              Service.class,
              ServiceAccount.class,
              NetworkPolicy.class,
              PodDisruptionBudget.class,
              Deployment.class,
              Pod.class)
          .collect(Collectors.toMap(Class::getSimpleName, kind -> kind));

  /** Fabric8's model keeps members that it does not know; here they are faults. */
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated member) {
                  return false;
                }
              })
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final String[] LEAST = {"webex.existingSecret=webex"};
  private static final String[] ALL = {
    "webex.existingSecret=webex",
    "webex.credentials=refresh-token",
    "kafkaClient.existingSecret=kafka",
    "privacy.existingSecret=privacy",
    "protected.existingConfigMap=never-touched",
    "http.tlsSecret=port",
    "http.tokenSecret=port-token",
    "serviceMonitor.tlsConfig.serverName=offboarder.example.com",
    "config.privacy.outcomes=true",
    "extraVolumes[0].name=authorities",
    "extraVolumes[0].configMap.name=company-authorities",
    "extraVolumeMounts[0].name=authorities",
    "extraVolumeMounts[0].mountPath=/etc/offboarder/authorities",
    "createTopics=true",
    "serviceMonitor.enabled=true",
    "prometheusRule.enabled=true",
    "prometheusRule.runbookUrl=https://docs.example.com/RUNBOOK.md",
    "keda.enabled=true",
    "keda.authenticationRef=kafka",
    "serviceAccount.name=leavers",
    "nodeSelector.disk=ssd",
    "podLabels.team=identity",
    "networkPolicy.collector.ports[0]=4318",
    "imagePullSecrets[0].name=registry"
  };

  @TempDir Path directory;

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

  @Test
  @DisplayName("writes settings that the program accepts, with no secret in them")
  void settings() throws IOException {
    Certificate port = Certificate.of(directory, "localhost");
    for (String[] values : List.of(LEAST, ALL)) {
      ConfigMap map = (ConfigMap) render(values).get("ConfigMap");
      String yaml = map.getData().get("offboarder.yaml");
      for (String file : List.of("access-token", "client-id", "client-secret", "refresh-token")) {
        Path secret = Files.writeString(directory.resolve(file), "a-secret-value");
        yaml = yaml.replace("/etc/offboarder/webex/" + file, secret.toString());
      }
      Path key = Files.writeString(directory.resolve("key"), "k".repeat(32));
      yaml = yaml.replace("/etc/offboarder/privacy/key", key.toString());
      Path never = Files.writeString(directory.resolve("protected.yaml"), "persons: {}");
      yaml = yaml.replace("/etc/offboarder/protected/protected.yaml", never.toString());
      Path token = Files.writeString(directory.resolve("token"), "let-me-see");
      yaml = yaml.replace("/etc/offboarder/http-token/token", token.toString());
      yaml = yaml.replace("/etc/offboarder/http-tls/tls.crt", port.pem().toString());
      yaml = yaml.replace("/etc/offboarder/http-tls/tls.key", port.keyPem().toString());
      Path properties = Files.writeString(directory.resolve("client.properties"), "");
      yaml = yaml.replace("/etc/offboarder/kafka/client.properties", properties.toString());
      Path config = Files.writeString(directory.resolve("offboarder.yaml"), yaml);
      assertThat(new ConfigReader(Map.of(), () -> "pod-0").read(Section.ALL, config))
          .as(yaml)
          .isInstanceOf(ConfigResult.Valid.class);
    }
  }

  @Test
  @DisplayName("refuses a secret among the settings, a missing one, and a value it does not know")
  void refuses() {
    assertThatThrownBy(() -> render("webex.existingSecret=w", "config.webex.access-token=abc"))
        .hasMessageContaining("access-token");
    for (String secret :
        List.of(
            "config.kafka.properties.sasl\\.jaas\\.config=abc",
            "config.kafka.properties.sasl.jaas.config=abc",
            "config.kafka.properties.ssl\\.keystore\\.password=abc",
            "config.kafka.properties.ssl\\.keystore\\.key=abc")) {
      assertThatThrownBy(() -> render("webex.existingSecret=w", secret))
          .as(secret)
          .hasMessageContaining("config");
    }
    assertThatThrownBy(() -> render()).hasMessageContaining("webex.existingSecret is empty");
    assertThatThrownBy(() -> render("webex.existingSecret=w", "prometheusRule.enabled=true"))
        .hasMessageContaining("prometheusRule.runbookUrl is empty");
    assertThatThrownBy(() -> render("webex.existingSecret=w", "replica=3"))
        .hasMessageContaining("replica");
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

  /** Every manifest by its kind; an unknown member is a fault. */
  private Map<String, Object> render(String... values) throws IOException {
    var template =
        new Helm(withoutHooks()).template().withName("leavers").withKubeVersion("1.31.0");
    for (String value : values) {
      String[] pair = value.split("=", 2);
      template = template.set(pair[0], literal(pair[1]));
    }
    Map<String, Object> byKind = new TreeMap<>();
    for (Object manifest : new Yaml().loadAll(template.call())) {
      if (manifest instanceof Map<?, ?> object) {
        String kind = (String) object.get("kind");
        Class<?> model = KINDS.get(kind);
        String name = String.valueOf(((Map<?, ?>) object.get("metadata")).get("name"));
        byKind.put(
            name.endsWith("-webhooks") ? kind + " of webhooks" : kind,
            model == null ? object : STRICT.convertValue(object, model));
      }
    }
    return byKind;
  }

  /** The chart with its test pod as an ordinary one, since hooks are not rendered here. */
  private Path withoutHooks() throws IOException {
    Path copy = directory.resolve("chart");
    try (Stream<Path> files = Files.walk(CHART)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(CHART.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.writeString(
            target, Files.readString(file).replaceAll("(?m)^ +helm.sh/hook.*\\R", ""));
      }
    }
    return copy;
  }

  private static Object literal(String text) {
    return text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text;
  }
}
