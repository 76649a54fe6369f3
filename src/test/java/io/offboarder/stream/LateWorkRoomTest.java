package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A burst of late work")
class LateWorkRoomTest {
  private static final TopicPartition ID = new TopicPartition("in", 0);
  private static final int ROOM = 40;

  private final List<String> running = new ArrayList<>();
  private final List<Promise<ResultWriter>> works = new ArrayList<>();
  private final WorkRunner runner = new WorkRunner(Runnable::run, LoopClock.system(), ROOM, null);
  private final Source source = new Source();
  private final LateWorkIntake intake = new LateWorkIntake(source, runner);
  private final Partition partition = new Partition(ID);
  private long heldBytes;

  LateWorkRoomTest() {
    partition.restored(
        new PartitionLedger(
            0, OffsetMetadata.Decoded.nothing(), OffsetEncoding.WIDE, 4096, 100_000),
        new ReadAttempts(0, 0));
  }

  @Test
  @DisplayName("takes a quarter of the room, and the rest is there for records")
  void quarter() {
    source.due = 10_000;
    intake.restored(partition);
    turn(100);

    assertThat(running).hasSize(ROOM);
    assertThat(running.stream().filter("late"::equals)).hasSize(ROOM / 4);
    assertThat(source.due).isEqualTo(10_000 - ROOM / 4);
  }

  @Test
  @DisplayName("is as little as the work of records leaves that hold much more than the records")
  void heavyWork() {
    heldBytes = 4 << 20;
    intake.restored(partition);
    turn(100);

    assertThat(running).hasSize((64 << 20) / (4 << 20));
  }

  @Test
  @DisplayName("begins as soon as anything ends, however many records wait")
  void begins() {
    intake.restored(partition);
    turn(100);
    assertThat(running).hasSize(ROOM).containsOnly("record");

    source.due = 10_000;
    works.get(0).complete(() -> Result.of(List.of()));
    works.get(1).complete(() -> Result.of(List.of()));
    turn(0);

    assertThat(running.subList(ROOM, running.size())).containsExactly("late", "late");
  }

  @Test
  @DisplayName("ends for a partition that is given up, and its source is told once")
  void leaving() {
    source.due = 10_000;
    intake.restored(partition);
    intake.leaving(partition);
    intake.leaving(partition);
    assertThat(source.calls).containsExactly("assigned in-0", "lost in-0");
    assertThatThrownBy(intake::admit).hasMessageContaining("which this instance does not own");
  }

  /** What the loop does in one turn, with so many records that were polled. */
  private void turn(int polled) {
    runner.collect();
    Contribution done = partition.propose(OffsetMetadata.NOWHERE);
    partition.committed(done);
    done.work().forEach(runner::release);
    intake.admit();
    AdmissionRoom room =
        new AdmissionRoom(
            StreamSettings.of(Map.of(), "group", "one", List.of("in")), runner, List.of(partition));
    for (long offset = 0; offset < polled; offset++) {
      ConsumerRecord<byte[], byte[]> record =
          new ConsumerRecord<>("in", 0, offset, null, new byte[1]);
      if (room.isThereFor(partition, InFlightRecord.bytes(record))) {
        partition.ledger().deliver(offset);
        room.admit(new InFlightRecord(record, partition, new Work("record")));
      }
    }
    runner.dispatch();
  }

  private class Work implements RecordWork {
    private final String kind;

    Work(String kind) {
      this.kind = kind;
    }

    @Override
    public String subject() {
      return null;
    }

    @Override
    public long heldBytes() {
      return heldBytes;
    }

    @Override
    public Future<ResultWriter> start(WorkContext context) {
      running.add(kind);
      Promise<ResultWriter> promise = Promise.promise();
      works.add(promise);
      return promise.future();
    }
  }

  private final class Late extends Work implements LateWork {
    Late() {
      super("late");
    }

    @Override
    public TopicPartition partition() {
      return ID;
    }

    @Override
    public long offset() {
      return 0;
    }
  }

  private final class Source implements LateWorkSource {
    private final List<String> calls = new ArrayList<>();
    private int due;

    @Override
    public void assigned(TopicPartition id) {
      calls.add("assigned " + id);
    }

    @Override
    public void lost(TopicPartition id) {
      calls.add("lost " + id);
    }

    @Override
    public LateWork next() {
      return due-- > 0 ? new Late() : null;
    }
  }
}
