package io.offboarder.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.bench.report.Results.Run;
import io.offboarder.bench.run.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes results as files: CSV and JSON with every run, Markdown with medians. */
public final class Report {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final Map<String, String> facts;

  /** A report in this directory, about a machine and settings of which these are the facts. */
  public Report(Path directory, Map<String, String> facts) {
    this.directory = directory;
    this.facts = facts;
  }

  /** The facts, a line each. */
  public String facts() {
    return facts.entrySet().stream()
        .map(fact -> "- " + fact.getKey() + ": " + fact.getValue())
        .collect(Collectors.joining("\n"));
  }

  /** Writes what there is so far. */
  public void write(Results results) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("results.csv"), csv(results), UTF_8);
    JSON.writerWithDefaultPrettyPrinter()
        .writeValue(directory.resolve("results.json").toFile(), json(results));
  }

  /** Writes everything, with the verdicts. */
  public void write(Results results, Table verdicts) throws IOException {
    write(results);
    StringBuilder text = new StringBuilder(facts()).append("\n");
    for (String scenario : results.scenarios()) {
      text.append("\n### ").append(scenario).append("\n");
      text.append(Table.of(results, scenario).text());
    }
    text.append("\n### targets\n").append(verdicts.text());
    Files.writeString(directory.resolve("results.md"), text.toString(), UTF_8);
  }

  private static String csv(Results results) {
    String header =
        Arrays.stream(Metric.values())
            .map(metric -> metric.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(","));
    return "scenario,contender,round,"
        + header
        + "\n"
        + results.runs().stream().map(Report::row).collect(Collectors.joining("\n"))
        + "\n";
  }

  private static String row(Run run) {
    return run.scenario()
        + ","
        + run.contender().name().toLowerCase(Locale.ROOT)
        + ","
        + run.round()
        + ","
        + Arrays.stream(Metric.values())
            .map(run.figures()::get)
            .map(value -> value.isPresent() ? Double.toString(value.getAsDouble()) : "")
            .collect(Collectors.joining(","));
  }

  private ObjectNode json(Results results) {
    ObjectNode json = JSON.createObjectNode();
    ObjectNode about = json.putObject("facts");
    facts.forEach(about::put);
    var runs = json.putArray("runs");
    for (Run run : results.runs()) {
      ObjectNode node = runs.addObject();
      node.put("scenario", run.scenario());
      node.put("contender", run.contender().name().toLowerCase(Locale.ROOT));
      node.put("round", run.round());
      run.figures()
          .values()
          .forEach((metric, value) -> node.put(metric.name().toLowerCase(Locale.ROOT), value));
    }
    return json;
  }
}
