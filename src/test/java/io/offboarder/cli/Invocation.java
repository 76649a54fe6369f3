package io.offboarder.cli;

import io.offboarder.config.ConfigReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One run of the program in this JVM, with its streams caught. */
final class Invocation {
  private final Map<String, String> environment = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final StopSignal stop = new StopSignal();
  private String input = "";
  private int columns = OutcomeTable.UNLIMITED;
  private boolean colours;
  private int exitCode = -1;

  Invocation with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Invocation with(Map<String, String> variables) {
    environment.putAll(variables);
    return this;
  }

  Invocation withKafka(String bootstrapServers) {
    return with("OFFBOARDER_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
  }

  /** A run of its own in the same environment. */
  Invocation again() {
    Invocation other = new Invocation();
    other.environment.putAll(environment);
    return other;
  }

  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  Invocation withInput(String text) {
    input = text;
    return this;
  }

  Invocation withColumns(int width) {
    columns = width;
    return this;
  }

  Invocation withColours() {
    colours = true;
    return this;
  }

  Invocation run(String... arguments) {
    Terminal terminal =
        new Terminal(
            new StringReader(input),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            colours,
            false,
            () -> columns,
            false);
    exitCode =
        CommandLineProgram.run(
            terminal,
            stop,
            new ConfigReader(environment, () -> "host"),
            Clock.systemUTC(),
            arguments);
    return this;
  }

  CompletableFuture<Invocation> runInBackground(String... arguments) {
    // On a thread of its own: the common pool has one on two processors, and commands wait.
    return CompletableFuture.supplyAsync(
        () -> run(arguments), command -> new Thread(command, "command").start());
  }

  void stop() {
    stop.request();
  }

  int exitCode() {
    return exitCode;
  }

  String output() {
    return out.toString();
  }

  List<String> lines() {
    return output().lines().toList();
  }

  List<String> errors() {
    return err.toString().lines().toList();
  }
}
