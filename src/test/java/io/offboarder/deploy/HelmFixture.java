package io.offboarder.deploy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The chart, rendered as Helm does it and read as Kubernetes does. */
abstract class HelmFixture {
  static final Path CHART = Path.of("helm/offboarder");

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

  static final String[] LEAST = {"webex.existingSecret=webex"};
  static final String[] ALL = {
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

  /** Every manifest by its kind; an unknown member is a fault. */
  Map<String, Object> render(String... values) throws IOException {
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
