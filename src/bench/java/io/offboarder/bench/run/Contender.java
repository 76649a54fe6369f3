package io.offboarder.bench.run;

import io.offboarder.bench.api.ApiControl;
import io.offboarder.bench.work.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who is measured. */
public enum Contender {
  /** The built jar. */
  OFFBOARDER("Offboarder"),
  /** The same without a journal, to see what it costs. */
  OFFBOARDER_UNJOURNALED("Offboarder without its journal"),
  /** A consumer loop that does one event after the other. */
  BLOCKING("blocking loop"),
  /** A consumer loop that starts a batch and waits for all of it. */
  BATCH_JOIN("batch and join"),
  /** Confluent Parallel Consumer, its Vert.x module. */
  PARALLEL_VERTX("Parallel Consumer, Vert.x"),
  /** Confluent Parallel Consumer, its core with a transactional producer. */
  PARALLEL_TRANSACTIONAL("Parallel Consumer, transactional"),
  /** The calls alone. */
  BARE_CLIENT("bare client, no Kafka");

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  /** Its name for people. */
  public String title() {
    return title;
  }

  /** Whether it reads events and writes outcomes. */
  public boolean usesKafka() {
    return this != BARE_CLIENT;
  }

  /** What follows {@code java} and its options. */
  List<String> command(Path target, Task task, int events) {
    return switch (this) {
      case OFFBOARDER, OFFBOARDER_UNJOURNALED ->
          List.of("-jar", target.resolve("offboarder.jar").toString(), "run");
      case BLOCKING -> main(ownClassPath(), "contender.BlockingLoop", task);
      case BATCH_JOIN -> main(ownClassPath(), "contender.BatchJoin", task);
      case PARALLEL_VERTX -> main(rival(target), "parallel.ParallelVertx", task);
      case PARALLEL_TRANSACTIONAL -> main(rival(target), "parallel.ParallelTransactional", task);
      case BARE_CLIENT -> {
        List<String> command = new ArrayList<>(main(ownClassPath(), "contender.BareClient", task));
        command.addAll(List.of(ApiControl.personIdPrefix(), Integer.toString(events)));
        yield command;
      }
    };
  }

  private static List<String> main(String classPath, String type, Task task) {
    List<String> command = new ArrayList<>();
    task.properties().forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-cp", classPath, "io.offboarder.bench." + type));
    return command;
  }

  private static String ownClassPath() {
    return System.getProperty("java.class.path");
  }

  private static String rival(Path target) {
    Path rival = target.resolve("bench/parallel-consumer");
    return rival.resolve("classes") + ":" + rival.resolve("lib") + "/*";
  }

  /** The environment that it is started in, above the usual one. */
  Map<String, String> environment(Task task) {
    Map<String, String> environment = new HashMap<>();
    if (this == OFFBOARDER || this == OFFBOARDER_UNJOURNALED) {
      environment.put("OFFBOARDER_KAFKA_BOOTSTRAP_SERVERS", task.bootstrapServers());
      environment.put("OFFBOARDER_KAFKA_GROUP_ID", task.group());
      environment.put("OFFBOARDER_KAFKA_INPUT_TOPICS", task.input());
      environment.put("OFFBOARDER_KAFKA_OUTCOME_TOPIC", task.outcomes());
      environment.put("OFFBOARDER_KAFKA_DEAD_LETTER_TOPIC", TestBed.DEAD_LETTERS);
      environment.put("OFFBOARDER_KAFKA_CASE_TOPIC", TestBed.CASES);
      environment.put("OFFBOARDER_KAFKA_JOURNAL_TOPIC", TestBed.JOURNAL);
      environment.put("OFFBOARDER_KAFKA_COMMAND_TOPIC", TestBed.COMMANDS);
      environment.put("OFFBOARDER_JOURNAL_ENABLED", Boolean.toString(this == OFFBOARDER));
      environment.put("OFFBOARDER_POLICY_SECOND_LOOKS", "none");
      environment.put("OFFBOARDER_POLICY_GUARD_TERMINATIONS", "0");
      environment.put("OFFBOARDER_POLICY_GUARD_DECOMMISSIONS", "0");
      environment.put("OFFBOARDER_INSTANCE_ID", "bench");
      environment.put("OFFBOARDER_HTTP_PORT", "0");
      environment.put("OFFBOARDER_WEBEX_BASE_URL", task.api().toString());
      task.caFile().ifPresent(file -> environment.put("OFFBOARDER_WEBEX_CA_FILE", file.toString()));
      environment.put("OFFBOARDER_WEBEX_ACCESS_TOKEN", Task.TOKEN);
      environment.put("OFFBOARDER_WEBEX_MAX_CONCURRENCY", Integer.toString(task.concurrency()));
    }
    return environment;
  }
}
