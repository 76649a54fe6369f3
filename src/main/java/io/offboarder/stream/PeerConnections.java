package io.offboarder.stream;

import io.offboarder.stream.Incarnation.Answer;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's liveness port, and its connections to those of others, see {@link Incarnation}.
 *
 * <p>A thread of its own answers those who ask, because the caller's may be waiting for an answer
 * itself, or for Kafka. Everything else is for one thread, but for {@link #wakeup}.
 */
final class PeerConnections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerConnections.class);

  /** More than any group has members; what is beyond is no peer. */
  private static final int MOST_CONNECTIONS = 1000;

  private static final Duration RETRY_INTERVAL = Duration.ofMillis(100);

  private final Selector selector;
  private final ServerSocketChannel server;
  private final Incarnation self;

  /** The connections to others, by membership. */
  private final Map<String, SocketChannel> reached = new HashMap<>();

  /** Opens the port, or any that is free if it is 0; does without one where that fails. */
  PeerConnections(int port) {
    try {
      this.selector = Selector.open();
      this.server = ServerSocketChannel.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no sockets", e);
    }
    this.self = Incarnation.fresh(listen(port));
    if (self.hasPort()) {
      Thread answering = new Thread(this::answer, "kafka-liveness-" + self.port());
      answering.setDaemon(true);
      answering.start();
    }
  }

  private int listen(int port) {
    try {
      server.bind(new InetSocketAddress(port));
      return ((InetSocketAddress) server.getLocalAddress()).getPort();
    } catch (IOException e) {
      LOG.warn(
          "The liveness port {} cannot be opened ({}); should this instance crash, others notice"
              + " when its session is over",
          port,
          e.getMessage());
      close(server);
      return 0;
    }
  }

  /** This process. */
  Incarnation self() {
    return self;
  }

  /** To how many others there is a connection. */
  int reached() {
    return reached.size();
  }

  /** Ends a {@link #await}; from any thread. */
  void wakeup() {
    selector.wakeup();
  }

  /**
   * Waits until a connection to another process ends or the time is over.
   *
   * @return the others whose connections have ended
   */
  List<GroupMember> await(Duration atMost) throws IOException {
    selector.select(Math.max(1, atMost.toMillis()));
    List<GroupMember> ended = new ArrayList<>();
    for (SelectionKey key : Set.copyOf(selector.selectedKeys())) {
      selector.selectedKeys().remove(key);
      if (key.isValid() && key.isReadable() && hasEnded((SocketChannel) key.channel())) {
        close(key.channel());
        if (key.attachment() instanceof GroupMember peer) {
          reached.remove(peer.membership());
          ended.add(peer);
        }
      }
    }
    return ended;
  }

  private void answer() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        if (selector.keys().size() > MOST_CONNECTIONS) {
          close(channel);
        } else {
          channel.configureBlocking(false);
          channel.write(ByteBuffer.wrap(self.greeting()));
          channel.register(selector, SelectionKey.OP_READ);
          selector.wakeup();
        }
      } catch (IOException | ClosedSelectorException e) {
        LOG.debug("No answer to one who asked", e);
        // Say, no file descriptor is free.
        LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
      }
    }
  }

  /** Nothing is ever said on a connection after the greeting. */
  private static boolean hasEnded(SocketChannel channel) {
    try {
      return channel.read(ByteBuffer.allocate(1)) != 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** Asks another process whether it lives, and keeps the connection if it does. */
  Answer connect(GroupMember peer) {
    try {
      SocketChannel channel = SocketChannel.open();
      Answer answer = Incarnation.of(peer).ask(peer.host(), channel);
      LOG.debug("Asked instance '{}' on {}: {}", peer.instanceId(), peer.host(), answer);
      if (answer == Answer.ALIVE) {
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, peer);
        reached.put(peer.membership(), channel);
      } else {
        close(channel);
      }
      return answer;
    } catch (IOException e) {
      return Answer.SILENT;
    }
  }

  /** Closes the connections to all others but these. */
  void retain(Set<String> memberships) {
    reached.forEach(
        (membership, channel) -> {
          if (!memberships.contains(membership)) {
            close(channel);
          }
        });
    reached.keySet().retainAll(memberships);
  }

  private static void close(Closeable closing) {
    try {
      closing.close();
    } catch (IOException e) {
      LOG.debug("A connection did not close in good order", e);
    }
  }

  @Override
  public void close() {
    close(server);
    selector.keys().forEach(key -> close(key.channel()));
    close(selector);
  }
}
