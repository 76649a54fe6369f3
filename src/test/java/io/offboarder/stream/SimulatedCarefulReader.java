package io.offboarder.stream;

import io.offboarder.stream.IncompleteRecord.Position;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads the simulated topic without being killed by any record of it. */
final class SimulatedCarefulReader implements CarefulReader {
  private final SimulatedInstance instance;
  private final SimulatedBroker broker;

  SimulatedCarefulReader(SimulatedInstance instance) {
    this.instance = instance;
    this.broker = instance.broker();
  }

  @Override
  public Portion read(TopicPartition id, long from) {
    instance.call("careful read");
    if (broker.fate().isCutOff(broker.faults().committed())) {
      throw new TimeoutException("simulated: no answer to a careful fetch");
    }
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long position = from;
    int room = broker.fate().between(1, 5);
    var next = broker.topic().next(id.partition(), position);
    while (next != null && records.size() < room) {
      records.add(broker.topic().kills(id.partition(), next.offset()) ? incomplete(next) : next);
      position = next.offset() + 1;
      next = broker.topic().next(id.partition(), position);
    }
    if (broker.fate().isTracing()) {
      instance.note("reads with care", id, records.stream().map(ConsumerRecord::offset).toList());
    }
    return new Portion(records, position, next == null);
  }

  private static IncompleteRecord incomplete(ConsumerRecord<byte[], byte[]> record) {
    return new IncompleteRecord(
        new Position(
            record.topic(),
            record.partition(),
            record.offset(),
            record.timestamp(),
            record.timestampType()),
        record.serializedKeySize(),
        1 << 30,
        record.key(),
        null,
        record.headers(),
        "simulated");
  }

  @Override
  public void close() {
    instance.note("closes the careful reader");
  }
}
