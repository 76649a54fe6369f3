package io.offboarder.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.policy.PolicySettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.service.CaseSettings;
import io.offboarder.service.ServiceSettings;
import io.offboarder.stream.StreamSettings;
import io.offboarder.webex.WebexSettings;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A company that uses Offboarder: topics of its own on a broker, an HR system that publishes
 * events, and auditors that read outcomes.
 */
public final class Company {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A bound for what never comes: ten thousand deletes take a minute on a busy machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final String name;
  private final String bootstrapServers;
  private final Topics topics;

  private Company(String name, String bootstrapServers) {
    this.name = name;
    this.bootstrapServers = bootstrapServers;
    this.topics = new Topics(bootstrapServers);
  }

  /** A company whose topics, named after it, are made on this broker. */
  public static Company on(String bootstrapServers, String name) {
    return on(bootstrapServers, name, 3, 2);
  }

  /** The same, with this many partitions of each input topic. */
  public static Company on(String bootstrapServers, String name, int partitions) {
    return on(bootstrapServers, name, partitions, partitions);
  }

  private static Company on(
      String bootstrapServers, String name, int terminated, int decommissioned) {
    Company company = new Company(name, bootstrapServers);
    Map<String, String> large = Map.of("max.message.bytes", "16000000");
    Map<String, String> timed = Map.of("message.timestamp.type", "LogAppendTime");
    company.topics.create(
        List.of(
            topic(company.terminated(), terminated, large),
            topic(company.decommissioned(), decommissioned, Map.of()),
            topic(company.outcomes(), 2, Map.of("max.message.bytes", "1048588")),
            topic(company.deadLetters(), 1, large),
            topic(
                company.cases(),
                1,
                Map.of("cleanup.policy", "compact", "max.message.bytes", "16000000")),
            topic(company.commands(), 1, timed),
            topic(company.journal(), 1, timed)));
    return company;
  }

  private static NewTopic topic(String name, int partitions, Map<String, String> config) {
    return new NewTopic(name, partitions, (short) 1).configs(config);
  }

  /** The topic of people who left. */
  public String terminated() {
    return name + ".hr.user-terminated";
  }

  /** The topic of apps that were retired. */
  public String decommissioned() {
    return name + ".hr.app-decommissioned";
  }

  /** The outcome topic. */
  public String outcomes() {
    return name + ".outcomes";
  }

  /** The dead-letter topic. */
  public String deadLetters() {
    return name + ".dead-letters";
  }

  /** The topic of what waits. */
  public String cases() {
    return name + ".cases";
  }

  /** How a service of this company reads what waits. */
  public CaseSettings caseSettings() {
    return new CaseSettings(
        new KafkaSettings(bootstrapServers, Map.of(), KafkaSettings.USUAL_PATIENCE),
        cases(),
        commands());
  }

  /** The topic of what people say. */
  public String commands() {
    return name + ".commands";
  }

  /** The journal's topic. */
  public String journal() {
    return name + ".journal";
  }

  /** The topics themselves. */
  public Topics topics() {
    return topics;
  }

  /** A service for this company and this sandbox. */
  public ServiceSettings service(WebexSandbox sandbox, Map<String, String> kafka) {
    return service(sandbox, kafka, PolicySettings.defaults());
  }

  /** The same with this policy. */
  public ServiceSettings service(
      WebexSandbox sandbox, Map<String, String> kafka, PolicySettings policy) {
    return service(
        sandbox,
        kafka,
        policy,
        new Credentials.StaticToken(Secret.of(sandbox.settings().credentials().accessToken())));
  }

  /** The same with these credentials. */
  public ServiceSettings service(
      WebexSandbox sandbox,
      Map<String, String> kafka,
      PolicySettings policy,
      Credentials credentials) {
    Map<String, String> client = new HashMap<>(kafka);
    client.put("bootstrap.servers", bootstrapServers);
    return ServiceSettings.builder(
            StreamSettings.of(client, name, name + "-1", List.of(terminated(), decommissioned()))
                .withJournal(journal()),
            WebexSettings.at(sandbox.baseUrl(), credentials),
            outcomes(),
            deadLetters(),
            caseSettings())
        .policy(policy)
        .build();
  }

  /** The same for one of several instances. */
  public ServiceSettings service(WebexSandbox sandbox, Map<String, String> kafka, int instance) {
    ServiceSettings first = service(sandbox, kafka);
    StreamSettings stream =
        StreamSettings.of(
                first.stream().clientProperties(),
                name,
                name + "-" + instance,
                first.stream().topics())
            .withJournal(journal());
    return first.toBuilder().stream(stream).build();
  }

  /** Has Kafka forget what the company's services have read, once all of them are stopped. */
  public void forgetOffsets() {
    topics.forgetOffsets(name);
  }

  /** What the environment of the program says about this company's topics. */
  public Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("OFFBOARDER_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
    environment.put("OFFBOARDER_KAFKA_GROUP_ID", name);
    environment.put("OFFBOARDER_KAFKA_INPUT_TOPICS", terminated() + "," + decommissioned());
    environment.put("OFFBOARDER_KAFKA_OUTCOME_TOPIC", outcomes());
    environment.put("OFFBOARDER_KAFKA_DEAD_LETTER_TOPIC", deadLetters());
    environment.put("OFFBOARDER_KAFKA_CASE_TOPIC", cases());
    environment.put("OFFBOARDER_KAFKA_COMMAND_TOPIC", commands());
    environment.put("OFFBOARDER_KAFKA_JOURNAL_TOPIC", journal());
    // Whoever tests the guard says so; the others let more leave than a company would.
    environment.put("OFFBOARDER_POLICY_GUARD_TERMINATIONS", "0");
    environment.put("OFFBOARDER_POLICY_GUARD_DECOMMISSIONS", "0");
    return environment;
  }

  /** An event as plain JSON. */
  public static ObjectNode event(String id, String type, Map<String, String> data) {
    ObjectNode event = JSON.createObjectNode();
    event.put("id", id).put("type", type).put("time", "2026-11-23T09:00:00Z").put("source", "/hr");
    ObjectNode members = event.putObject("data");
    data.forEach(members::put);
    return event;
  }

  /** Publishes a value as it is, without a content type. */
  public void publish(String topic, String key, byte[] value) {
    topics.publish(
        List.of(new ProducerRecord<>(topic, key == null ? null : key.getBytes(UTF_8), value)));
  }

  /** Publishes a plain JSON event. */
  public void publish(String topic, JsonNode event) {
    publish(topic, event.path("id").asText(), event.toString().getBytes(UTF_8));
  }

  /** Publishes plain JSON events in one go. */
  public void publish(String topic, List<ObjectNode> events) {
    topics.publish(
        events.stream()
            .map(
                event ->
                    new ProducerRecord<>(
                        topic,
                        event.path("id").asText().getBytes(UTF_8),
                        event.toString().getBytes(UTF_8)))
            .toList());
  }

  /** Publishes an event in CloudEvents structured mode. */
  public void publishStructured(String topic, ObjectNode event) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic, null, event.put("specversion", "1.0").toString().getBytes(UTF_8));
    record
        .headers()
        .add(
            new RecordHeader(
                "content-type", "application/cloudevents+json; charset=UTF-8".getBytes(UTF_8)));
    topics.publish(List.of(record));
  }

  /** Publishes an event in CloudEvents binary mode. */
  public void publishBinary(String topic, ObjectNode event) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, null, event.path("data").toString().getBytes(UTF_8));
    record.headers().add("ce_specversion", "1.0".getBytes(UTF_8));
    for (String attribute : List.of("id", "type", "source", "time")) {
      record.headers().add("ce_" + attribute, event.path(attribute).asText().getBytes(UTF_8));
    }
    record.headers().add("content-type", "application/json".getBytes(UTF_8));
    topics.publish(List.of(record));
  }

  /** The outcomes, once there are so many, by the id of their event. */
  public Map<String, JsonNode> awaitOutcomes(int count) {
    Map<String, JsonNode> byEvent = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : awaitOutcomeRecords(count)) {
      JsonNode outcome = json(record.value());
      byEvent.put(outcome.path("event").path("id").asText(), outcome);
    }
    return byEvent;
  }

  /** The outcome topic's committed records, once there are so many. */
  public List<ConsumerRecord<byte[], byte[]>> awaitOutcomeRecords(int count) {
    List<ConsumerRecord<byte[], byte[]>> records =
        topics.committed(outcomes(), all -> all.size() >= count, PATIENCE);
    records.forEach(record -> Schemas.assertValidOutcome(record.value()));
    return records;
  }

  /** Parses JSON. */
  public static JsonNode json(byte[] value) {
    try {
      return JSON.readTree(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
