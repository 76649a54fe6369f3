package io.offboarder.commands;

import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.KafkaFailure;
import io.offboarder.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the commands' topic from its beginning, on a thread of its own, and hands what was said
 * to an executor, one batch after another, in the topic's order. Says once that it has come to
 * where the topic ended when it began. Waits for a broker that is away. {@link #close} may be
 * called from any thread.
 */
public final class CommandTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandTail.class);
  private static final int PARTITION = 0;

  /** Records end it. */
  private static final Duration POLL = Duration.ofSeconds(2);

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

  private final KafkaSettings settings;
  private final String topic;
  private final Executor executor;
  private final Consumer<List<Said>> taker;
  private final Runnable caughtUp;
  private final CommandFormat format = new CommandFormat();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private long next;
  private boolean isCaughtUp;
  private @Nullable String problem;

  /**
   * A tail, which begins at once.
   *
   * @param executor what takes the commands in, one batch after another
   * @param taker takes them in
   * @param caughtUp run by the executor, once, when all is taken in that was said before now
   */
  public CommandTail(
      KafkaSettings settings,
      String topic,
      Executor executor,
      Consumer<List<Said>> taker,
      Runnable caughtUp) {
    this.settings = settings;
    this.topic = topic;
    this.executor = executor;
    this.taker = taker;
    this.caughtUp = caughtUp;
    new Thread(this::run, "commands").start();
  }

  private void run() {
    while (!stopped.isDone()) {
      try (CommittedRecordReader open =
          CommittedRecordReader.follow(
              settings, topic, new Start.Offsets(Map.of(PARTITION, next)))) {
        CompletableFuture<Void> stopping = stopped.thenRun(open::stop);
        follow(open);
        stopping.cancel(false);
      } catch (KafkaFailure e) {
        failed(String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        LOG.error("Following the commands failed; trying again", e);
        pause();
      }
    }
  }

  private void follow(CommittedRecordReader open) {
    while (!stopped.isDone()) {
      if (!isCaughtUp && open.isPastTheEnd()) {
        isCaughtUp = true;
        executor.execute(caughtUp);
      }
      List<Entry> entries = new ArrayList<>(open.poll(POLL));
      entries.sort(Comparator.comparingLong(Entry::offset));
      List<Said> said = new ArrayList<>();
      List<Long> unknown = new ArrayList<>();
      for (Entry entry : entries) {
        format
            .read(entry.value())
            .ifPresentOrElse(
                command -> said.add(new Said(command, entry.timestamp())),
                () -> unknown.add(entry.offset()));
      }
      report(unknown);
      if (!said.isEmpty()) {
        CompletableFuture.anyOf(
                CompletableFuture.runAsync(() -> taker.accept(said), executor), stopped)
            .join();
      }
      if (!stopped.isDone()) {
        next = open.position(PARTITION);
        problem = null;
      }
    }
  }

  /** Logs one line for each batch: foreign records must not fill the log. */
  private void report(List<Long> unknown) {
    if (!unknown.isEmpty()) {
      LOG.error(
          "{} has {} records, the first of them at {}, that are no commands which this version"
              + " understands; nothing is done about them",
          topic,
          unknown.size(),
          unknown.get(0));
    }
  }

  private void failed(String words) {
    if (!stopped.isDone()) {
      if (!words.equals(problem)) {
        LOG.warn("{}; what people say is not heard until the commands can be read", words);
      }
      problem = words;
      pause();
    }
  }

  private void pause() {
    stopped
        .copy()
        .completeOnTimeout(null, BETWEEN_ATTEMPTS.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  @Override
  public void close() {
    stopped.complete(null);
  }
}
