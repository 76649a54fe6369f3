package io.offboarder.cli;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
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

  /** Asks at each of these base URLs; one where no service of ours answers is left out. */
  static InstanceMetrics of(Collection<String> addresses) throws InterruptedException {
    ManagementClient client = new ManagementClient(TIMEOUT);
    List<String> pages = new ArrayList<>();
    for (String address : addresses) {
      try {
        ManagementClient.Reply reply = client.get(URI.create(address + "/metrics"));
        if (reply.status() == 200 && reply.body().contains("offboarder_ready")) {
          pages.add(reply.body());
        }
      } catch (IOException | IllegalArgumentException e) {
        // Listens elsewhere, or for itself alone; Kafka's own view remains.
      }
    }
    return new InstanceMetrics(pages);
  }

  /** The sum of a metric over all instances and labels; empty where nobody has it. */
  OptionalDouble sum(String metric) {
    Matcher sample = pattern(metric, "").matcher(String.join("\n", pages));
    return sample
        .results()
        .mapToDouble(found -> value(found.group(1)))
        .filter(value -> !Double.isNaN(value))
        .reduce(Double::sum);
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
