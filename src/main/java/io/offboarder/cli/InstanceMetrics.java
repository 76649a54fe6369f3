package io.offboarder.cli;

import io.offboarder.config.HttpConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What instances measure of themselves: the samples of their {@code /metrics} pages, as many as
 * could be had.
 *
 * @param pages the text of each page, in Prometheus's format
 */
record InstanceMetrics(List<String> pages) {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** Tells instances apart: the start of a process, to the millisecond. */
  private static final String STARTED = "process_start_time_seconds";

  /**
   * Asks a service of these settings where they say, and at the same port on each of these hosts:
   * with the settings' token, trusting their certificate. Where no service of this group answers is
   * left out: another group's may have the port. One that answers at two addresses, as in a
   * container with a published port, counts once.
   */
  static InstanceMetrics of(HttpConfig config, Collection<String> hosts, String group)
      throws InterruptedException {
    ManagementClient client = ManagementClient.of(config, TIMEOUT);
    Set<String> addresses = new LinkedHashSet<>();
    addresses.add(ManagementClient.address(config));
    hosts.forEach(host -> addresses.add(ManagementClient.address(config, host)));
    Map<String, String> pages = new LinkedHashMap<>();
    for (String address : addresses) {
      try {
        ManagementClient.Reply reply = client.get(URI.create(address + "/metrics"));
        if (reply.status() == 200 && isOfGroup(reply.body(), group)) {
          pages.putIfAbsent(identity(reply.body(), address), reply.body());
        }
      } catch (IOException | IllegalArgumentException e) {
        // Listens elsewhere, or for itself alone; Kafka's own view remains.
      }
    }
    return new InstanceMetrics(List.copyOf(pages.values()));
  }

  private static String identity(String page, String address) {
    Matcher started = pattern(STARTED, "").matcher(page);
    return started.find() ? started.group(1) : address;
  }

  /** An instance of an earlier release does not say to which group it belongs. */
  private static boolean isOfGroup(String page, String group) {
    String label = group.replace("\\", "\\\\").replace("\"", "\\\"");
    return page.contains("offboarder_ready")
        && (!page.contains("\noffboarder_group{")
            || page.contains("\noffboarder_group{group=\"" + label + "\"}"));
  }

  /** The sum of a metric over all instances and labels; empty where no instance has it. */
  OptionalDouble sum(String metric) {
    Matcher sample = pattern(metric, "").matcher(String.join("\n", pages));
    return sample
        .results()
        .mapToDouble(found -> value(found.group(1)))
        .filter(value -> !Double.isNaN(value))
        .reduce(Double::sum);
  }

  /**
   * The largest value of a metric without labels on any instance; empty where no instance has it.
   */
  OptionalDouble max(String metric) {
    return pattern(metric, "")
        .matcher(String.join("\n", pages))
        .results()
        .mapToDouble(found -> value(found.group(1)))
        .filter(value -> !Double.isNaN(value))
        .max();
  }

  /** The API's states, other than open, that any instance is in. */
  List<String> troubles() {
    Matcher state =
        pattern("offboarder_api_state", "state=\"(\\w+)\"").matcher(String.join("\n", pages));
    return state
        .results()
        .filter(found -> value(found.group(2)) == 1 && !found.group(1).equals("open"))
        .map(found -> found.group(1).replace('_', ' '))
        .distinct()
        .toList();
  }

  /** The largest value on any instance of each series of a metric, by one of its labels. */
  SortedMap<String, Long> largest(String metric, String label) {
    SortedMap<String, Long> largest = new TreeMap<>();
    pattern(metric, label + "=\"(\\w+)\"")
        .matcher(String.join("\n", pages))
        .results()
        .forEach(found -> largest.merge(found.group(1), (long) value(found.group(2)), Math::max));
    return largest;
  }

  private static Pattern pattern(String metric, String label) {
    String labels = label.isEmpty() ? "(?:\\{[^}]*\\})?" : "\\{[^}]*" + label + "[^}]*\\}";
    return Pattern.compile("(?m)^" + metric + labels + " (\\S+)$");
  }

  private static double value(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      case "NaN" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }
}
