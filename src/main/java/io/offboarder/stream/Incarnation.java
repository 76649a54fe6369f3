package io.offboarder.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One life of an instance: its process, from its start to its end. No other process has the same.
 *
 * <p>A process answers every connection to its liveness port with its nonce. A connection that is
 * kept ends when the process does, however it dies, because its operating system closes it.
 *
 * <p>Its consumers join the group with a {@code group.instance.id} that is made of port and nonce
 * and is used once. That makes them static members, which the group's coordinator removes when
 * asked to; and because no later consumer has the same id, nothing else of static membership takes
 * effect.
 *
 * @param port its liveness port; 0 if it has none
 * @param nonce what tells it from all others
 */
record Incarnation(int port, String nonce) {
  private static final Pattern MEMBERSHIP =
      Pattern.compile("life-(\\d{1,5})-([0-9a-f]{16})-\\d{1,9}");

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** What is known of a process after it was asked whether it lives. */
  enum Answer {
    /** It lives. */
    ALIVE,
    /** Its port is open, but says nothing. */
    SILENT,
    /** Its machine cannot be reached. */
    UNREACHABLE,
    /** Its machine answers for it that there is no such process. */
    GONE
  }

  /** A new one. */
  static Incarnation fresh(int port) {
    return new Incarnation(port, UUID.randomUUID().toString().replace("-", "").substring(0, 16));
  }

  /** The one that a member belongs to; without a port and a nonce for members of other programs. */
  static Incarnation of(GroupMember member) {
    Matcher matcher = MEMBERSHIP.matcher(member.membership());
    return matcher.matches()
        ? new Incarnation(Integer.parseInt(matcher.group(1)), matcher.group(2))
        : new Incarnation(0, "");
  }

  /** The {@code group.instance.id} of its consumer of this number. */
  String membership(int number) {
    return "life-" + port + "-" + nonce + "-" + number;
  }

  /** What its process says on every connection to its liveness port. */
  byte[] greeting() {
    return (nonce + "\n").getBytes(US_ASCII);
  }

  boolean hasPort() {
    return port > 0 && port < 1 << 16;
  }

  /** Asks it whether it lives, which takes two seconds at most. */
  Answer ask(String host) {
    try (SocketChannel channel = SocketChannel.open()) {
      return ask(host, channel);
    } catch (IOException e) {
      return Answer.UNREACHABLE;
    }
  }

  /**
   * Asks it whether it lives, over a channel that the caller opened and closes.
   *
   * @param host where its group's coordinator sees it
   */
  Answer ask(String host, SocketChannel channel) {
    if (!hasPort()) {
      return Answer.UNREACHABLE;
    }
    Socket socket = channel.socket();
    try {
      socket.connect(new InetSocketAddress(host, port), (int) TIMEOUT.toMillis());
    } catch (ConnectException refused) {
      return Answer.GONE;
    } catch (IOException e) {
      return Answer.UNREACHABLE;
    }
    try {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      byte[] expected = greeting();
      byte[] said = socket.getInputStream().readNBytes(expected.length);
      if (Arrays.equals(said, expected)) {
        return Answer.ALIVE;
      }
      // Another process has the port by now; or the connection ended before anything was said.
      return said.length == expected.length ? Answer.GONE : Answer.SILENT;
    } catch (IOException e) {
      return Answer.SILENT;
    }
  }
}
