package io.offboarder.stream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.BootstrapConfiguration;
import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.Selectable;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.common.utils.internals.LogContext;
import org.jspecify.annotations.Nullable;

/**
 * Fetches batches as they are in the log, compressed, with the parts that Kafka's own clients are
 * made of. These are not a public interface: a new release of the client may need changes here.
 */
final class ApacheCarefulReader implements CarefulReader {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int MAX_WAIT_MILLIS = 100;

  /** Of compressed batches; a larger batch comes whole and alone. */
  private static final int FETCH_BYTES = 1 << 20;

  /** What one portion holds, about. */
  private static final int PORTION_BYTES = 1 << 20;

  private static final int PORTION_RECORDS = 100;

  private final Map<String, Object> settings;
  private final Time time = Time.SYSTEM;
  private final Metrics metrics = new Metrics();
  private final Map<TopicPartition, Leader> leaders = new HashMap<>();
  private final KafkaClient client;
  private final Cursor cursor = new Cursor();

  private record Leader(Node node, Uuid topicId) {}

  /** What was fetched and not read yet. */
  private static final class Cursor {
    private @Nullable TopicPartition id;
    private @Nullable FetchContents contents;
    private long stableOffset;

    boolean isAt(TopicPartition partition, long offset) {
      return contents != null && partition.equals(id) && contents.position() == offset;
    }
  }

  /**
   * A reader that has no connection yet.
   *
   * @param properties of Kafka's clients
   */
  ApacheCarefulReader(Map<String, String> properties) {
    settings = new HashMap<>(properties);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    ConsumerConfig config = new ConsumerConfig(settings);
    LogContext log = new LogContext("[careful reader] ");
    Selector selector =
        new Selector(
            config.getLong(ConsumerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG),
            metrics,
            time,
            "careful-reader",
            ClientUtils.createChannelBuilder(config, time, log),
            log);
    client =
        new NetworkClient(
            selector,
            new ManualMetadataUpdater(),
            "careful-reader",
            1,
            0,
            0,
            Selectable.USE_DEFAULT_BUFFER_SIZE,
            Selectable.USE_DEFAULT_BUFFER_SIZE,
            TIMEOUT_MILLIS,
            TIMEOUT_MILLIS,
            TIMEOUT_MILLIS,
            time,
            true,
            new ApiVersions(),
            log,
            MetadataRecoveryStrategy.NONE,
            BootstrapConfiguration.DISABLED,
            false);
  }

  @Override
  public Portion read(TopicPartition id, long from) {
    try {
      if (!cursor.isAt(id, from)) {
        fetch(id, from);
      }
      return portion(from);
    } catch (IOException e) {
      forget();
      throw new KafkaException("reading " + id + " carefully", e);
    } catch (RuntimeException e) {
      forget();
      throw e;
    }
  }

  private Portion portion(long from) throws IOException {
    FetchContents contents = cursor.contents;
    if (contents == null) {
      return new Portion(List.of(), from, true);
    }
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long bytes = 0;
    while (records.size() < PORTION_RECORDS && bytes < PORTION_BYTES) {
      ConsumerRecord<byte[], byte[]> record = contents.next();
      if (record == null) {
        cursor.contents = null;
        return new Portion(
            records, contents.position(), contents.position() >= cursor.stableOffset);
      }
      records.add(record);
      bytes += InFlightRecord.bytes(record);
    }
    return new Portion(records, contents.position(), false);
  }

  private void fetch(TopicPartition id, long from) throws IOException {
    forgetContents();
    Leader leader = leader(id);
    FetchRequest.Builder request =
        FetchRequest.Builder.forConsumer(
                ApiKeys.FETCH.latestVersion(),
                MAX_WAIT_MILLIS,
                1,
                Map.of(
                    id,
                    new FetchRequest.PartitionData(
                        leader.topicId(), from, -1, FETCH_BYTES, Optional.empty())))
            .isolationLevel(IsolationLevel.READ_COMMITTED)
            .setMaxBytes(FETCH_BYTES);
    if (!NetworkClientUtils.awaitReady(client, leader.node(), time, TIMEOUT_MILLIS)) {
      throw new IOException("no connection to " + leader.node());
    }
    ClientRequest sent =
        client.newClientRequest(
            leader.node().idString(), request, time.milliseconds(), true, TIMEOUT_MILLIS, null);
    var answer = NetworkClientUtils.sendAndReceive(client, sent, time);
    FetchResponse response = (FetchResponse) answer.responseBody();
    PartitionData data =
        response
            .responseData(Map.of(leader.topicId(), id.topic()), answer.requestHeader().apiVersion())
            .get(id);
    Errors error = data == null ? response.error() : Errors.forCode(data.errorCode());
    if (error == Errors.OFFSET_OUT_OF_RANGE) {
      // The consumer knows what to do then.
      return;
    }
    if (data == null || error != Errors.NONE) {
      throw new KafkaException("reading " + id + " carefully: " + error);
    }
    cursor.id = id;
    cursor.stableOffset = data.lastStableOffset();
    cursor.contents =
        new FetchContents(
            id, FetchResponse.recordsOrFail(data).batches(), data.abortedTransactions(), from);
  }

  private Leader leader(TopicPartition id) {
    Leader known = leaders.get(id);
    if (known != null) {
      return known;
    }
    Map<String, Object> admin = new HashMap<>(settings);
    admin.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    admin.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    try (Admin asking = Admin.create(admin)) {
      TopicDescription topic =
          asking.describeTopics(List.of(id.topic())).allTopicNames().get().get(id.topic());
      Node node = topic.partitions().get(id.partition()).leader();
      if (node == null || node.isEmpty()) {
        throw new KafkaException(id + " has no leader");
      }
      Leader found = new Leader(node, topic.topicId());
      leaders.put(id, found);
      return found;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  private void forget() {
    leaders.clear();
    forgetContents();
  }

  private void forgetContents() {
    FetchContents open = cursor.contents;
    cursor.contents = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It was read from memory: nothing is lost.
      }
    }
  }

  @Override
  public void close() {
    forgetContents();
    Utils.closeQuietly(client, "the careful reader's connections");
    metrics.close();
  }
}
