package io.offboarder.service;

import io.offboarder.guard.Guard;
import io.offboarder.guard.GuardFormat;
import io.offboarder.guard.GuardKey;
import io.offboarder.guard.GuardSettings;
import io.offboarder.guard.GuardState;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.revocation.NotedCase;
import io.offboarder.stream.JournalFeed;
import io.offboarder.stream.NoteJudge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a group's guard stands, as its journal says: what each of its instances knows.
 *
 * @param state which bounds were hit and wait for a person
 * @param used how many were touched within the window, by what is counted together
 */
public record GuardStanding(GuardState state, Map<GuardKey, Integer> used) {
  private static final Duration POLL = Duration.ofMillis(500);

  /** Copies the map. */
  public GuardStanding {
    used = Map.copyOf(used);
  }

  /**
   * Reads as much of a journal as counts.
   *
   * @param settings those of the group's instances
   * @throws io.offboarder.kafka.KafkaFailure if Kafka does not answer or has no such topic
   */
  public static GuardStanding read(
      KafkaSettings kafka, String topic, String groupId, GuardSettings settings, Instant now) {
    Guard guard = new Guard(settings);
    Instant from = now.minus(guard.memory());
    List<Entry> entries = new ArrayList<>();
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(kafka, topic, new Start.Since(from))) {
      do {
        entries.addAll(reader.poll(POLL));
      } while (!reader.isPastTheEnd());
    }
    entries.sort(Comparator.comparingLong(Entry::offset));
    if (!entries.isEmpty()) {
      guard.begin(entries.get(0).offset(), from);
    }
    JournalFeed feed = new JournalFeed(topic, groupId, new Reader(guard));
    for (Entry entry : entries) {
      byte[] value = entry.value();
      if (value != null) {
        feed.read(entry.offset(), entry.timestamp(), entry.headers(), entry.key(), value);
      }
    }
    return new GuardStanding(guard.state(), guard.used(now));
  }

  /** Feeds the guard, and says nothing. */
  private record Reader(Guard guard, GuardFormat format) implements NoteJudge {
    Reader(Guard guard) {
      this(guard, new GuardFormat());
    }

    @Override
    public Duration memory() {
      return guard.memory();
    }

    @Override
    public void begin(long offset, Instant from) {
      guard.begin(offset, from);
    }

    @Override
    public boolean mayGo(long offset, Instant at, byte[] note) {
      return NotedCase.read(note)
          .map(one -> guard.mayGo(offset, at, GuardJudge.guarded(one)))
          .orElse(true);
    }

    @Override
    public void announced(long offset, Instant at, byte[] announcement) {
      format.read(announcement, offset, at, guard);
    }

    @Override
    public byte @Nullable [] announcement() {
      return null;
    }
  }
}
