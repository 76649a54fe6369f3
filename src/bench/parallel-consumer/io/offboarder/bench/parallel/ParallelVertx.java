package io.offboarder.bench.parallel;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.vertx.VertxParallelEoSStreamProcessor;
import io.offboarder.bench.work.Leaver;
import io.offboarder.bench.work.Listed;
import io.offboarder.bench.work.Task;
import io.offboarder.bench.work.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Confluent Parallel Consumer's Vert.x module as its documentation recommends it: order by key,
 * commits in the background, a future per record. An event is done when its outcome is
 * acknowledged. At least once.
 */
public final class ParallelVertx {
  /** As many as Offboarder takes. */
  private static final int HTTP2_CONNECTIONS = 2;

  private final Task task;
  private final WebClient client;
  private final KafkaProducer<String, byte[]> producer;

  private ParallelVertx(Task task, WebClient client) {
    this.task = task;
    this.client = client;
    this.producer =
        new KafkaProducer<>(task.producer(), new StringSerializer(), new ByteArraySerializer());
  }

  /** Runs until it is killed. */
  public static void main(String[] args) {
    Task task = Task.ofThisProcess();
    Vertx vertx = Vertx.vertx();
    WebClient client = WebClient.create(vertx, options(task));
    ParallelVertx flow = new ParallelVertx(task, client);
    ParallelConsumerOptions<String, byte[]> options =
        ParallelConsumerOptions.<String, byte[]>builder()
            .consumer(
                new KafkaConsumer<>(
                    task.consumer(), new StringDeserializer(), new ByteArrayDeserializer()))
            .ordering(ProcessingOrder.KEY)
            .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
            .commitInterval(task.commitInterval())
            .maxConcurrency(task.concurrency())
            .build();
    // Runs on threads of its own, which keep the process alive.
    VertxParallelEoSStreamProcessor<String, byte[]> processor =
        new VertxParallelEoSStreamProcessor<>(vertx, client, options);
    processor.subscribe(List.of(task.input()));
    processor.vertxFuture(context -> flow.process(context.getSingleConsumerRecord()));
  }

  private static WebClientOptions options(Task task) {
    WebClientOptions options = new WebClientOptions().setMaxPoolSize(task.concurrency());
    task.caFile()
        .ifPresent(
            file -> {
              options.setSsl(true).setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2);
              options.setPemTrustOptions(new PemTrustOptions().addCertPath(file.toString()));
              options.setHttp2MaxPoolSize(HTTP2_CONNECTIONS);
            });
    return options;
  }

  private Future<Void> process(ConsumerRecord<String, byte[]> record) {
    return revoke(Leaver.read(record.value())).compose(verdict -> publish(record, verdict));
  }

  private Future<Verdict> revoke(Leaver leaver) {
    return list(leaver)
        .compose(
            first -> {
              Optional<String> refresh = first.refresh();
              if (refresh.isEmpty()) {
                return Future.succeededFuture(new Verdict(leaver, refresh));
              }
              return send(HttpMethod.DELETE, "/authorizations/" + refresh.get())
                  .compose(deleted -> list(leaver))
                  .compose(
                      last ->
                          last.size() == 0
                              ? Future.succeededFuture(new Verdict(leaver, refresh))
                              : Future.failedFuture("something is left of " + leaver.personId()));
            });
  }

  private Future<Listed> list(Leaver leaver) {
    return send(HttpMethod.GET, "/authorizations?personId=" + leaver.personId())
        .map(body -> Listed.read(body.getBytes()));
  }

  private Future<Buffer> send(HttpMethod method, String path) {
    return client
        .request(method, task.api().getPort(), task.api().getHost(), task.api().getPath() + path)
        .putHeader("Authorization", "Bearer " + Task.TOKEN)
        .putHeader("Accept", "application/json")
        .send()
        .compose(
            response ->
                response.statusCode() / 100 == 2
                    ? Future.succeededFuture(response.body())
                    : Future.failedFuture("answered " + response.statusCode()));
  }

  private Future<Void> publish(ConsumerRecord<String, byte[]> record, Verdict verdict) {
    byte[] outcome = verdict.outcome(record.topic(), record.partition(), record.offset());
    Promise<Void> acknowledged = Promise.promise();
    producer.send(
        new ProducerRecord<>(task.outcomes(), record.key(), outcome),
        (metadata, failure) -> {
          if (failure == null) {
            acknowledged.complete();
          } else {
            acknowledged.fail(failure);
          }
        });
    return acknowledged.future();
  }
}
