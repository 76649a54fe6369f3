package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.Announcement;
import io.offboarder.stream.JournalEntry.Note;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Tells a judge what a group's journal says, where no engine does: for who only reads it. */
public final class JournalFeed {
  private final JournalFormat format;
  private final NoteJudge judge;

  /** A feed of one group's entries. */
  public JournalFeed(String topic, String groupId, NoteJudge judge) {
    this.format = new JournalFormat(topic, groupId);
    this.judge = judge;
  }

  /** A record of the journal, in its order; other groups' are passed over. */
  public void read(long offset, Instant at, Headers headers, byte @Nullable [] key, byte[] value) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(format.topic(), 0, offset, key, value);
    for (Header header : headers) {
      record.headers().add(header);
    }
    JournalEntry entry = format.read(record).orElse(null);
    if (entry instanceof Note note) {
      judge.mayGo(offset, at, note.value());
    } else if (entry instanceof Announcement announcement) {
      judge.announced(offset, at, announcement.value());
    }
  }
}
