package io.offboarder.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.SandboxSettings.Latency;
import io.offboarder.sandbox.WebexSandbox;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Instances of the built jar that serve one company, with a sandbox inside this JVM. */
public final class Service implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<JarProcess> processes = new ArrayList<>();
  private final Company company;
  private final WebexSandbox sandbox;
  private final SandboxApp app;
  private int people;

  /** A service of no instances yet, whose API takes this long to answer. */
  public Service(Company company, Duration latency) {
    this.company = company;
    this.sandbox =
        WebexSandbox.start(vertx, SandboxSettings.defaults().withLatency(Latency.fixed(latency)))
            .await();
    this.app = sandbox.newApp("Slides");
  }

  /** The Vert.x of the sandbox. */
  public Vertx vertx() {
    return vertx;
  }

  /** Whom it serves. */
  public Company company() {
    return company;
  }

  /** The API that it calls. */
  public WebexSandbox sandbox() {
    return sandbox;
  }

  /** Starts an instance. */
  public JarProcess run(String instance) {
    return run(instance, Map.of());
  }

  /** Starts an instance with further settings. */
  public JarProcess run(String instance, Map<String, String> extra) {
    return kept(JarProcess.start(environment(instance, extra), "run"));
  }

  /** Starts an instance whose standard error is a pipe that nobody reads. */
  public JarProcess runUnread(String instance) {
    return kept(JarProcess.startUnread(environment(instance, Map.of()), "run"));
  }

  private JarProcess kept(JarProcess process) {
    processes.add(process);
    return process;
  }

  private Map<String, String> environment(String instance, Map<String, String> extra) {
    Map<String, String> environment = new HashMap<>(company.environment());
    environment.put("OFFBOARDER_INSTANCE_ID", instance);
    environment.put("OFFBOARDER_HTTP_PORT", "0");
    environment.put("OFFBOARDER_WEBEX_BASE_URL", sandbox.baseUrl().toString());
    environment.put(
        "OFFBOARDER_WEBEX_ACCESS_TOKEN", sandbox.settings().credentials().accessToken());
    environment.putAll(extra);
    return environment;
  }

  /** Hires so many people with one refresh authorization each, and has them all leave. */
  public void terminate(int count) {
    company.publish(company.terminated(), leavers(count));
  }

  /** The events of so many new people who leave. */
  public List<ObjectNode> leavers(int count) {
    return hire(count).stream()
        .map(
            person ->
                Company.event(
                    "e-" + person.email(), "user-terminated", Map.of("personId", person.id())))
        .toList();
  }

  /** So many new people with one refresh authorization each. */
  public List<SandboxPerson> hire(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              SandboxPerson person = sandbox.addPerson("person" + people++ + "@example.com");
              sandbox.authorize(person, app, 0);
              return person;
            })
        .toList();
  }

  @Override
  public void close() {
    processes.forEach(JarProcess::close);
    vertx.close().await();
  }
}
