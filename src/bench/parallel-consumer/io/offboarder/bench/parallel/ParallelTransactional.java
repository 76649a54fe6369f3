package io.offboarder.bench.parallel;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.offboarder.bench.work.BlockingRevocation;
import io.offboarder.bench.work.Leaver;
import io.offboarder.bench.work.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Confluent Parallel Consumer's core with its transactional producer, the mode of it that promises
 * what Offboarder promises: order by key, one blocking worker thread per event in flight.
 */
public final class ParallelTransactional {
  private ParallelTransactional() {}

  /** Runs until it is killed. */
  public static void main(String[] args) {
    Task task = Task.ofThisProcess();
    BlockingRevocation revocation = new BlockingRevocation(task.api());
    Map<String, Object> producer = new HashMap<>(task.producer());
    producer.put("transactional.id", task.group());
    ParallelConsumerOptions<String, byte[]> options =
        ParallelConsumerOptions.<String, byte[]>builder()
            .consumer(
                new KafkaConsumer<>(
                    task.consumer(), new StringDeserializer(), new ByteArrayDeserializer()))
            .producer(
                new KafkaProducer<>(producer, new StringSerializer(), new ByteArraySerializer()))
            .ordering(ProcessingOrder.KEY)
            .commitMode(CommitMode.PERIODIC_TRANSACTIONAL_PRODUCER)
            .commitInterval(task.commitInterval())
            .maxConcurrency(task.concurrency())
            .build();
    // Runs on threads of its own, which keep the process alive.
    ParallelStreamProcessor<String, byte[]> processor =
        ParallelStreamProcessor.createEosStreamProcessor(options);
    processor.subscribe(List.of(task.input()));
    processor.pollAndProduce(
        context -> {
          var record = context.getSingleConsumerRecord();
          byte[] outcome =
              revocation
                  .revoke(Leaver.read(record.value()))
                  .outcome(record.topic(), record.partition(), record.offset());
          return new ProducerRecord<>(task.outcomes(), record.key(), outcome);
        });
  }
}
