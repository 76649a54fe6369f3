package io.offboarder.cli;

import io.offboarder.config.KafkaConfig;
import io.offboarder.kafka.KafkaFailure;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.kafka.TopicPlan;
import io.offboarder.kafka.Topics;
import io.offboarder.kafka.Topics.Access;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics that the service cannot do without. */
final class RequiredTopics {
  private static final Logger LOG = LoggerFactory.getLogger(RequiredTopics.class);
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

  /** Far more than any event has. */
  static final long LARGEST_RECORD = 16 << 20;

  /** What is wrong with topics whose records may be larger, in words that follow their names. */
  static final String UNBOUNDED =
      "accepts records that decompress to any size, and one of those can end two instances before"
          + " it is set aside; set max.decompressed.message.bytes (Kafka 4.4) to 1048576, or"
          + " compression.type to uncompressed";

  /** The same of the service's own topics, where nothing sets such a record aside. */
  static final String UNBOUNDED_INTERNAL =
      "accepts records that decompress to any size, and one of those ends every instance that reads"
          + " it; set max.decompressed.message.bytes (Kafka 4.4) to 16777216, or compression.type"
          + " to uncompressed";

  /** What is wrong with a compacted topic whose records are all kept, after its name. */
  static final String COMPACTED =
      "has a cleanup.policy with compact: Kafka would drop records, and refuse those without a"
          + " key; set cleanup.policy to delete";

  /** What is wrong with a topic of cases from which Kafka deletes, after its name. */
  static final String FORGETFUL =
      "has a cleanup.policy with delete: Kafka would drop what waits for longer than its"
          + " retention; set cleanup.policy to compact";

  /** What is wrong with a topic of cases that has several partitions, after its name. */
  static final String WITHOUT_ORDER =
      "has more than one partition: what waits needs one order; create it again with one";

  /** What is doubtful about a topic of outcomes that keeps them for less, after its name. */
  static final String SHORT_LIVED =
      "keeps records for less than a day (retention.ms); an auditor will miss outcomes";

  /** What is wrong with a journal, or commands, of several partitions, after the topic's name. */
  static final String UNORDERED =
      "has more than one partition, so its records have no one order; create it again with one";

  /** What is wrong with a journal, or commands, whose times are their senders', after the name. */
  static final String TIMED_BY_SENDERS =
      "has message.timestamp.type CreateTime, so its times are those of many clocks; set it to"
          + " LogAppendTime";

  /** What is doubtful about a journal that keeps its notes for less, after its name. */
  static final String FORGETFUL_JOURNAL =
      "keeps records for less than a week (retention.ms); what was deleted before a long outage may"
          + " go unnamed";

  /** What is doubtful about commands that are kept for less, after the topic's name. */
  static final String FORGETFUL_COMMANDS =
      "keeps records for less than 30 days (retention.ms); an instance that starts after that knows"
          + " nothing of a pause that goes on";

  /** Less than this, and a pause is forgotten that somebody may still rely on. */
  static final Duration LEAST_COMMAND_RETENTION = Duration.ofDays(30);

  /** Less than this, and notes are gone while their events still wait for the API. */
  static final Duration LEAST_JOURNAL_RETENTION = Duration.ofDays(7);

  /** Less than this, and outcomes are gone before somebody has read them. */
  static final Duration LEAST_RETENTION = Duration.ofDays(1);

  private final KafkaConfig config;
  private final Optional<String> journal;
  private final KafkaSettings settings;
  private final CompletableFuture<Void> stopped;

  RequiredTopics(
      KafkaConfig config,
      Optional<String> journal,
      KafkaSettings settings,
      CompletableFuture<Void> stopped) {
    this.config = config;
    this.journal = journal;
    this.settings = settings;
    this.stopped = stopped;
  }

  /** What to do about topics that are missing. */
  enum IfMissing {
    CREATE,
    FAIL
  }

  /**
   * Waits until Kafka answers, however long, and makes sure of the topics.
   *
   * @return false if it was stopped before
   * @throws KafkaFailure if Kafka refuses
   * @throws CommandFailure if topics are missing and are not to be created
   */
  boolean await(IfMissing ifMissing) {
    AtomicReference<@Nullable Topics> open = new AtomicReference<>();
    // Closing ends a call that waits for a broker.
    CompletableFuture<Void> closing = stopped.thenRun(() -> closeIfOpen(open.get()));
    try {
      return await(ifMissing, open);
    } finally {
      closing.cancel(false);
    }
  }

  private static void closeIfOpen(@Nullable Topics topics) {
    if (topics != null) {
      topics.close();
    }
  }

  private boolean await(IfMissing ifMissing, AtomicReference<@Nullable Topics> open) {
    long lastLine = 0;
    while (!stopped.isDone()) {
      try (Topics topics = Topics.open(settings)) {
        open.set(topics);
        ensure(topics, ifMissing);
        return true;
      } catch (KafkaFailure e) {
        if (stopped.isDone()) {
          return false;
        }
        if (e.kind() != KafkaFailure.Kind.UNREACHABLE) {
          throw e;
        }
        if (lastLine == 0 || System.nanoTime() - lastLine > BETWEEN_LINES.toNanos()) {
          LOG.warn("{}; trying until it does", e.getMessage());
          lastLine = System.nanoTime();
        }
        pause();
      }
    }
    return false;
  }

  private void ensure(Topics topics, IfMissing ifMissing) {
    List<TopicPlan> plans = new ArrayList<>();
    // The inputs last: once an event can be sent, everything that it needs is there.
    plans.add(TopicPlan.outcomes(config.outcomeTopic()));
    plans.add(TopicPlan.deadLetters(config.deadLetterTopic()));
    plans.add(TopicPlan.cases(config.caseTopic()));
    journal.ifPresent(name -> plans.add(TopicPlan.journal(name)));
    plans.add(TopicPlan.commands(config.commandTopic()));
    config.inputTopics().forEach(name -> plans.add(TopicPlan.input(name)));
    Set<String> found = topics.partitions(plans.stream().map(TopicPlan::name).toList()).keySet();
    List<TopicPlan> missing = plans.stream().filter(plan -> !found.contains(plan.name())).toList();
    if (!missing.isEmpty() && ifMissing == IfMissing.FAIL) {
      throw new CommandFailure(
          ExitCode.TOPICS,
          List.of(
              "Kafka at "
                  + settings.bootstrapServers()
                  + " has no topic "
                  + String.join(", ", missing.stream().map(TopicPlan::name).toList())
                  + "; run with --create-topics to create what is missing"));
    }
    for (TopicPlan plan : missing) {
      Topics.Creation creation = topics.create(plan);
      LOG.info(
          "topic {}: {}",
          plan.name(),
          switch (creation) {
            case AS_PLANNED -> "created with " + plan.partitions() + " partitions";
            case WITH_BROKER_DEFAULTS ->
                "created, but the cluster refused our settings for it; set them by hand";
            case EXISTED -> "somebody else created it meanwhile";
          });
    }
    requireAccess(topics);
    requireKept(topics);
    List<String> wrong = wrongWithCases(topics, config.caseTopic());
    if (!wrong.isEmpty()) {
      throw new CommandFailure(ExitCode.TOPICS, wrong);
    }
    journal.ifPresent(
        name -> requireOrder(topics, name, LEAST_JOURNAL_RETENTION, FORGETFUL_JOURNAL));
    requireOrder(topics, config.commandTopic(), LEAST_COMMAND_RETENTION, FORGETFUL_COMMANDS);
    Set<String> unbounded = topics.decompressingBeyond(LARGEST_RECORD, config.inputTopics());
    if (!unbounded.isEmpty()) {
      LOG.warn("{} {}", String.join(", ", unbounded), UNBOUNDED);
    }
    Set<String> ownUnbounded = topics.decompressingBeyond(LARGEST_RECORD, internal());
    if (!ownUnbounded.isEmpty()) {
      LOG.warn("{} {}", String.join(", ", ownUnbounded), UNBOUNDED_INTERNAL);
    }
  }

  /** The topics that hold what instances say to each other, and what people say to them. */
  private List<String> internal() {
    List<String> names = new ArrayList<>(List.of(config.caseTopic(), config.commandTopic()));
    journal.ifPresent(names::add);
    return names;
  }

  /** What is wrong with the topic of what waits, a line each. */
  static List<String> wrongWithCases(Topics topics, String name) {
    List<String> wrong = new ArrayList<>();
    if (topics.partitions(List.of(name)).getOrDefault(name, 1) > 1) {
      wrong.add("topic " + name + " " + WITHOUT_ORDER);
    }
    if (!topics.deleting(List.of(name)).isEmpty()) {
      wrong.add("topic " + name + " " + FORGETFUL);
    }
    return wrong;
  }

  private void requireKept(Topics topics) {
    List<String> outputs = List.of(config.outcomeTopic(), config.deadLetterTopic());
    Set<String> compacted = topics.compacted(outputs);
    if (!compacted.isEmpty()) {
      throw new CommandFailure(
          ExitCode.TOPICS,
          compacted.stream().map(name -> "topic " + name + " " + COMPACTED).toList());
    }
    Set<String> shortLived = topics.keptForLessThan(LEAST_RETENTION, outputs);
    if (!shortLived.isEmpty()) {
      LOG.warn("{} {}", String.join(", ", shortLived), SHORT_LIVED);
    }
  }

  private static void requireOrder(
      Topics topics, String name, Duration leastRetention, String forgetful) {
    List<String> wrong = wrongWithOrder(topics, name);
    if (!wrong.isEmpty()) {
      throw new CommandFailure(ExitCode.TOPICS, wrong);
    }
    if (!topics.keptForLessThan(leastRetention, List.of(name)).isEmpty()) {
      LOG.warn("{} {}", name, forgetful);
    }
  }

  /** What is wrong with a topic that is good for its order, a line each. */
  static List<String> wrongWithOrder(Topics topics, String name) {
    List<String> wrong = new ArrayList<>();
    if (topics.partitions(List.of(name)).getOrDefault(name, 1) > 1) {
      wrong.add("topic " + name + " " + UNORDERED);
    }
    if (!topics.compacted(List.of(name)).isEmpty()) {
      wrong.add("topic " + name + " " + COMPACTED);
    }
    if (!topics.timedBySenders(List.of(name)).isEmpty()) {
      wrong.add("topic " + name + " " + TIMED_BY_SENDERS);
    }
    return wrong;
  }

  /** Now, and not when the first event is done: nothing is revoked that could not be recorded. */
  private void requireAccess(Topics topics) {
    List<String> read = new ArrayList<>(config.inputTopics());
    List<String> written =
        new ArrayList<>(
            List.of(config.outcomeTopic(), config.deadLetterTopic(), config.caseTopic()));
    read.add(config.caseTopic());
    read.add(config.commandTopic());
    journal.ifPresent(read::add);
    journal.ifPresent(written::add);
    Set<String> unread = topics.denied(Access.READ, read);
    Set<String> unwritten = topics.denied(Access.WRITE, written);
    List<String> refused = new ArrayList<>();
    if (!unread.isEmpty()) {
      refused.add("read " + String.join(", ", unread));
    }
    if (!unwritten.isEmpty()) {
      refused.add("write to " + String.join(", ", unwritten));
    }
    if (!refused.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_AUTHORIZED,
          List.of(
              "Kafka at "
                  + settings.bootstrapServers()
                  + " does not allow us to "
                  + String.join(" and to ", refused)
                  + "; see \"What Kafka has to allow\" in docs/DEPLOYING.md"));
    }
  }

  private void pause() {
    stopped
        .copy()
        .completeOnTimeout(null, BETWEEN_ATTEMPTS.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
