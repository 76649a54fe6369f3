package io.offboarder.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.stream.JournalEntry.Announcement;
import io.offboarder.stream.JournalEntry.Claim;
import io.offboarder.stream.JournalEntry.Note;
import io.offboarder.stream.JournalEntry.WorkId;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Writes journal entries as records of a group, and reads them back.
 *
 * <p>A note has the key {@code topic-partition@offset} of the record that its work came from, and
 * the work's own bytes as its value. A claim has no key, and one {@code topic-partition} a line as
 * its value. An announcement has no key, and a judge's own bytes. Headers say which it is, and all
 * else.
 */
record JournalFormat(String topic, String groupId) {
  private static final String GROUP = "group";
  private static final String KIND = "kind";
  private static final String WRITER = "writer";
  private static final String SEQUENCE = "sequence";
  private static final String CLAIM = "claim";
  private static final String RECORD_NOTE = "note";
  private static final String LATE_NOTE = "late-note";
  private static final String ANNOUNCEMENT = "announcement";

  ProducerRecord<byte[], byte[]> write(JournalEntry entry) {
    if (entry instanceof Announcement announcement) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic, 0, null, announcement.value());
      head(record, ANNOUNCEMENT, announcement.writer());
      return record;
    }
    return entry instanceof Note note ? note(note) : claim((Claim) entry);
  }

  private ProducerRecord<byte[], byte[]> note(Note note) {
    WorkId work = note.work();
    byte[] key = (work.partition() + "@" + work.offset()).getBytes(UTF_8);
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, key, note.value());
    head(record, work.late() ? LATE_NOTE : RECORD_NOTE, note.writer());
    add(record, CLAIM, Long.toString(note.claim()));
    add(record, SEQUENCE, Long.toString(note.sequence()));
    return record;
  }

  private ProducerRecord<byte[], byte[]> claim(Claim claim) {
    String lines =
        claim.partitions().stream()
            .map(TopicPartition::toString)
            .sorted()
            .collect(Collectors.joining("\n"));
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, 0, null, lines.getBytes(UTF_8));
    head(record, CLAIM, claim.writer());
    return record;
  }

  private void head(ProducerRecord<byte[], byte[]> record, String kind, String writer) {
    add(record, GROUP, groupId);
    add(record, KIND, kind);
    add(record, WRITER, writer);
  }

  private static void add(ProducerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(UTF_8));
  }

  /** The entry that a record holds; empty for one of another group, or of another program. */
  Optional<JournalEntry> read(ConsumerRecord<byte[], byte[]> record) {
    Headers headers = record.headers();
    String kind = text(headers, KIND);
    String writer = text(headers, WRITER);
    if (!groupId.equals(text(headers, GROUP)) || writer == null || record.value() == null) {
      return Optional.empty();
    }
    try {
      if (CLAIM.equals(kind)) {
        return Optional.of(new Claim(writer, partitions(new String(record.value(), UTF_8))));
      }
      if (ANNOUNCEMENT.equals(kind)) {
        return Optional.of(new Announcement(writer, record.value()));
      }
      if (RECORD_NOTE.equals(kind) || LATE_NOTE.equals(kind)) {
        WorkId work = work(new String(record.key(), UTF_8), LATE_NOTE.equals(kind));
        long claim = Long.parseLong(String.valueOf(text(headers, CLAIM)));
        long sequence = Long.parseLong(String.valueOf(text(headers, SEQUENCE)));
        return Optional.of(new Note(writer, sequence, work, claim, record.value()));
      }
    } catch (RuntimeException foreign) {
      // It has our headers and not our form; it is of no use either way.
    }
    return Optional.empty();
  }

  private static Set<TopicPartition> partitions(String lines) {
    return lines.lines().map(JournalFormat::partition).collect(Collectors.toSet());
  }

  private static WorkId work(String key, boolean late) {
    int at = key.lastIndexOf('@');
    return new WorkId(partition(key.substring(0, at)), Long.parseLong(key.substring(at + 1)), late);
  }

  private static TopicPartition partition(String text) {
    int dash = text.lastIndexOf('-');
    return new TopicPartition(text.substring(0, dash), Integer.parseInt(text.substring(dash + 1)));
  }

  private static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }
}
