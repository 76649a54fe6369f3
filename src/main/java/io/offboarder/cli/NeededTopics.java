package io.offboarder.cli;

import io.offboarder.config.KafkaConfig;
import io.offboarder.kafka.KafkaUnavailableException;
import io.offboarder.kafka.Topics;
import io.offboarder.kafka.Topics.Purpose;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics that the service needs, and what each is for. */
record NeededTopics(Map<String, Purpose> purposes) {
  private static final Logger LOG = LoggerFactory.getLogger(NeededTopics.class);

  private static final int LOOKS = 100;
  private static final Duration PAUSE = Duration.ofMillis(100);

  static NeededTopics of(KafkaConfig kafka) {
    Map<String, Purpose> purposes = new LinkedHashMap<>();
    kafka.inputTopics().forEach(topic -> purposes.put(topic, Purpose.EVENTS));
    purposes.put(kafka.outcomeTopic(), Purpose.OUTCOMES);
    purposes.put(kafka.deadLetterTopic(), Purpose.DEAD_LETTERS);
    return new NeededTopics(purposes);
  }

  /** Creates what is missing, and waits until every broker that is asked knows of it. */
  void create(Topics topics) throws KafkaUnavailableException, InterruptedException {
    List<String> missing = topics.missing(purposes.keySet());
    for (String topic : missing) {
      topics.create(topic, purposes.get(topic));
      LOG.info("Created topic {}", topic);
    }
    for (int i = 0; i < LOOKS && !topics.missing(missing).isEmpty(); i++) {
      Thread.sleep(PAUSE.toMillis());
    }
  }

  /** Ends the command if a topic is missing. */
  void require(Topics topics) throws KafkaUnavailableException {
    List<String> missing = topics.missing(purposes.keySet());
    if (!missing.isEmpty()) {
      throw new CommandFailure(
          ExitCode.TOPICS,
          "topics are missing: "
              + String.join(", ", missing)
              + "; create them, or let 'run --create-topics' do it");
    }
  }
}
