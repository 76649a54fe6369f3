package io.offboarder.bench.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.bench.api.ApiControl;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes events to one topic, in their order. Confined to one thread. */
final class Events implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final String topic;
  private final int[] people;
  private int next;

  Events(String bootstrapServers, String topic, int[] people, int lingerMillis) {
    this.topic = topic;
    this.people = people;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", lingerMillis),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  int published() {
    return next;
  }

  /** Publishes until so many are, or there are no more. */
  void publishUpTo(int count) {
    while (next < Math.min(count, people.length)) {
      publishNext();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of a failure
  void publishNext() {
    byte[] person = (ApiControl.personIdPrefix() + people[next]).getBytes(UTF_8);
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"e"
            + next
            + "\",\"source\":\"/hr/bench\",\"type\":\"com.example.hr.user-terminated.v1\","
            + "\"time\":\"2026-11-23T09:00:00Z\",\"datacontenttype\":\"application/json\","
            + "\"data\":{\"personId\":\""
            + new String(person, UTF_8)
            + "\",\"reason\":\"involuntary\"}}";
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, person, event.getBytes(UTF_8));
    record.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
    producer.send(record, (metadata, problem) -> failure.compareAndSet(null, problem));
    next++;
  }

  /** Waits until the broker has all of them. */
  void settle() {
    producer.flush();
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
