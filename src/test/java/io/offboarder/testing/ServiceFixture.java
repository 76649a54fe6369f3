package io.offboarder.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.commands.CommandFormat;
import io.offboarder.commands.PersonsCommand;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.service.ServiceSettings;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a test of the service from events in to outcomes out begins with: a company with topics of
 * its own on the {@linkplain EmbeddedBroker#shared() shared broker}, a sandbox for the API, and as
 * many services inside this JVM as the test deploys. A test class registers one as a field of its
 * instances, so that each test has its own.
 */
public final class ServiceFixture implements BeforeEachCallback, AfterEachCallback {
  private static final AtomicInteger COMPANIES = new AtomicInteger();

  private final String name;
  private final int partitions;
  private final List<OffboardingVerticle> services = new ArrayList<>();
  private SandboxSettings settings = SandboxSettings.defaults();
  private Vertx vertx;
  private WebexSandbox sandbox;
  private SandboxApp app;
  private Company company;

  private ServiceFixture(String name, int partitions) {
    this.name = name + "-" + COMPANIES.incrementAndGet();
    this.partitions = partitions;
  }

  /** A company whose name begins so. */
  public static ServiceFixture of(String name) {
    return new ServiceFixture(name, 0);
  }

  /** The same, with this many partitions of each input topic. */
  public static ServiceFixture of(String name, int partitions) {
    return new ServiceFixture(name, partitions);
  }

  /** The same with another sandbox. */
  public ServiceFixture with(SandboxSettings other) {
    settings = other;
    return this;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    String servers = EmbeddedBroker.shared().bootstrapServers();
    vertx = Vertx.vertx();
    sandbox = WebexSandbox.start(vertx, settings).await();
    app = sandbox.newApp("Slides");
    company = partitions == 0 ? Company.on(servers, name) : Company.on(servers, name, partitions);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    vertx.close().await();
  }

  /** The Vert.x of the sandbox and the services. */
  public Vertx vertx() {
    return vertx;
  }

  /** The API. */
  public WebexSandbox sandbox() {
    return sandbox;
  }

  /** The company. */
  public Company company() {
    return company;
  }

  /** The app that {@link #person} and {@link #leave} authorize. */
  public SandboxApp app() {
    return app;
  }

  /** The services that were deployed, in this order. */
  public List<OffboardingVerticle> services() {
    return services;
  }

  /** How a service of the company is set up as usual. */
  public ServiceSettings settings() {
    return company.service(sandbox, Map.of());
  }

  /** Deploys a service that is set up as usual. */
  public OffboardingVerticle deploy() {
    return deploy(settings());
  }

  /** Deploys a service. */
  public OffboardingVerticle deploy(ServiceSettings service) {
    return deploy(new OffboardingVerticle(service));
  }

  /** Deploys this service. */
  public OffboardingVerticle deploy(OffboardingVerticle service) {
    services.add(service);
    vertx.deployVerticle(service).await();
    return service;
  }

  /** Stops a service as a shutdown does. */
  public void stop(OffboardingVerticle service) {
    services.remove(service);
    vertx.undeploy(service.deploymentID()).await();
  }

  /** Hires somebody, with a refresh and an access authorization of the {@link #app}. */
  public SandboxPerson person(String email) {
    SandboxPerson person = sandbox.addPerson(email);
    sandbox.authorize(person, app, 1);
    return person;
  }

  /** Hires people with these numbers, and publishes that each of them leaves. */
  public void leave(int from, int to) {
    company
        .topics()
        .publish(
            IntStream.range(from, to)
                .mapToObj(i -> person("leaver" + i + "@example.com"))
                .map(person -> leaves(person.email()))
                .toList());
  }

  /** The record by which somebody leaves. */
  public ProducerRecord<byte[], byte[]> leaves(String email) {
    byte[] event =
        Company.event("of " + email, "user-terminated", Map.of("personEmail", email))
            .toString()
            .getBytes(UTF_8);
    return new ProducerRecord<>(company.terminated(), email.getBytes(UTF_8), event);
  }

  /** Has Ann say something to the whole group. */
  public void say(Verb verb, List<String> cases, String reason) {
    PersonsCommand command =
        new PersonsCommand(
            UUID.randomUUID().toString(), verb, cases, null, null, "ann", reason, Instant.now());
    company.topics().publish(company.commands(), List.of(new CommandFormat().write(command)));
  }

  /** The outcomes, once there are so many. */
  public List<JsonNode> outcomes(int count) {
    return company.awaitOutcomeRecords(count).stream()
        .map(record -> Company.json(record.value()))
        .toList();
  }

  /** Those of the outcomes that have this status, once there are so many outcomes. */
  public List<JsonNode> outcomes(int count, String status) {
    return with(outcomes(count), status);
  }

  /** Those of these outcomes that have this status. */
  public static List<JsonNode> with(List<JsonNode> outcomes, String status) {
    return outcomes.stream().filter(one -> one.path("status").asText().equals(status)).toList();
  }
}
