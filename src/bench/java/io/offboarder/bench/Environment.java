package io.offboarder.bench;

import io.offboarder.bench.run.Bounds;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** On what, of which versions and with which settings figures were taken. */
final class Environment {
  private static final Pattern LIBRARY =
      Pattern.compile(
          "(kafka-clients|vertx-core|vertx-web-client|parallel-consumer-[a-z]+)-([0-9].*)\\.jar");

  private Environment() {}

  static Map<String, String> of(Profile profile, Bounds bounds) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("taken", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put(
        "machine",
        processor()
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " processors, "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version"));
    facts.put(
        "load before",
        String.format(
            Locale.ROOT,
            "%.2f",
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    facts.put("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put(
        "own libraries",
        libraries(Stream.of(System.getProperty("java.class.path").split(":", -1))));
    facts.put("size", profile.name().toLowerCase(Locale.ROOT));
    facts.put("requests in flight", Integer.toString(bounds.concurrency()));
    facts.put(
        "commit interval of Parallel Consumer",
        bounds.throughputCommits() + ", under load " + bounds.latencyCommits());
    facts.put("flight recorder", Boolean.toString(bounds.recording()));
    return facts;
  }

  private static String processor() {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.exists(info)) {
      return System.getProperty("os.arch");
    }
    try (Stream<String> lines = Files.lines(info)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  private static String libraries(Stream<String> paths) {
    TreeSet<String> found = new TreeSet<>();
    paths
        .map(path -> LIBRARY.matcher(Path.of(path).getFileName().toString()))
        .filter(matcher -> matcher.matches())
        .forEach(matcher -> found.add(matcher.group(1) + " " + matcher.group(2)));
    return String.join(", ", found);
  }
}
