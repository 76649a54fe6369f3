package io.offboarder.endurance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is alive in another JVM's heap, as {@code jcmd GC.class_histogram} counts it after a full
 * collection.
 *
 * @param instances by class
 * @param bytes of all of them
 */
record Heap(Map<String, Long> instances, long bytes) {
  private static final int SHOWN = 15;
  private static final Pattern CLASS =
      Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+)(?: \\(\\S+\\))?");

  /** Looks into a process. */
  static Heap of(long pid) {
    Map<String, Long> instances = new HashMap<>();
    long bytes = 0;
    for (String line : histogram(pid).lines().toList()) {
      Matcher matcher = CLASS.matcher(line);
      if (matcher.matches()) {
        instances.merge(matcher.group(3), Long.parseLong(matcher.group(1)), Long::sum);
        bytes += Long.parseLong(matcher.group(2));
      }
    }
    if (instances.isEmpty()) {
      throw new IllegalStateException("no histogram of process " + pid);
    }
    return new Heap(instances, bytes);
  }

  private static String histogram(long pid) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(pid),
                  "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  double mebibytes() {
    return bytes / (double) (1 << 20);
  }

  /** How many instances of each class there are more than before, where there are more. */
  Map<String, Long> growthSince(Heap before) {
    Map<String, Long> growth = new HashMap<>();
    instances.forEach(
        (type, count) -> {
          long more = count - before.instances.getOrDefault(type, 0L);
          if (more > 0) {
            growth.put(type, more);
          }
        });
    return growth;
  }

  /** The classes that grew most, as a table. */
  String tableSince(Heap before) {
    List<Map.Entry<String, Long>> grown =
        growthSince(before).entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(SHOWN)
            .toList();
    return grown.stream()
        .map(
            one ->
                String.format(
                    Locale.ROOT,
                    "%-60s %9d %9d %+8d",
                    one.getKey(),
                    before.instances.getOrDefault(one.getKey(), 0L),
                    instances.get(one.getKey()),
                    one.getValue()))
        .collect(
            Collectors.joining(
                "\n",
                String.format(
                    Locale.ROOT, "%-60s %9s %9s %8s%n", "class", "before", "after", "growth"),
                ""));
  }
}
