package io.offboarder.stream;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * The room's sources compiled into a folder of their own, with a small program that repeats one
 * topic's records in another, and run as a process that has nothing else of this project on its
 * class path: what somebody would have who took the room into another project.
 */
final class StandaloneStream {
  private static final Path SOURCES = Path.of("src/main/java/io/offboarder/stream");

  /** What the room stands on; Netty because Vert.x does. */
  private static final Pattern LIBRARIES =
      Pattern.compile(
          ".*/(kafka-clients|zstd-jni|lz4-java|snappy-java|vertx-core|netty-[a-z0-9-]+|slf4j-api"
              + "|slf4j-simple|jspecify)-[^/]*\\.jar");

  private static final String PROGRAM =
      """
      import io.offboarder.stream.*;
      import io.vertx.core.Future;
      import java.util.List;
      import java.util.Map;
      import java.util.concurrent.Executors;
      import org.apache.kafka.clients.consumer.ConsumerRecord;
      import org.apache.kafka.clients.producer.ProducerRecord;

      public class Repeat {
        public static void main(String[] args) throws Exception {
          var executor = Executors.newSingleThreadExecutor();
          StreamEngine engine =
              StreamEngine.start(
                  StreamSettings.of(
                      Map.of("bootstrap.servers", args[0]), args[1], "one", List.of(args[2])),
                  record -> new Repetition(record, args[3]),
                  LateWorkSource.NONE,
                  executor,
                  StreamListener.NONE,
                  Future.succeededFuture());
          engine.terminated().onComplete(end -> {
            if (end.failed()) {
              System.out.println("failed: " + end.cause());
            }
            System.exit(end.succeeded() ? 0 : 3);
          });
          System.in.read();
          engine.stop(java.time.Duration.ofSeconds(5));
        }

        record Repetition(ConsumerRecord<byte[], byte[]> of, String topic) implements RecordWork {
          public String subject() {
            return null;
          }

          public Future<ResultWriter> start(WorkContext context) {
            byte[] value =
                of instanceof IncompleteRecord rest ? rest.reason().getBytes() : of.value();
            return Future.succeededFuture(
                () -> Result.of(List.of(new ProducerRecord<>(topic, of.key(), value))));
          }
        }
      }
      """;

  private final Path folder;
  private final String libraries;

  private StandaloneStream(Path folder, String libraries) {
    this.folder = folder;
    this.libraries = libraries;
  }

  /**
   * Compiles the room and the program.
   *
   * @param folder for the classes
   */
  static StandaloneStream compile(Path folder) {
    String libraries =
        String.join(
            File.pathSeparator,
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> LIBRARIES.matcher(entry).matches())
                .toList());
    try {
      Path program = Files.writeString(folder.resolve("Repeat.java"), PROGRAM);
      List<String> arguments =
          new ArrayList<>(
              List.of("-nowarn", "-proc:none", "--release", "17", "-d", folder.toString()));
      arguments.addAll(List.of("-cp", libraries, program.toString()));
      try (Stream<Path> sources = Files.list(SOURCES)) {
        sources.map(Path::toString).forEach(arguments::add);
      }
      int code =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(String[]::new));
      if (code != 0) {
        throw new AssertionError("the stream does not compile by itself");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new StandaloneStream(folder, libraries);
  }

  /**
   * Starts the program. It stops in good order when its input ends.
   *
   * @param jvm options of its JVM
   * @param arguments servers, group, input topic, output topic
   */
  Process start(List<String> jvm, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(jvm);
    command.addAll(List.of("-cp", folder + File.pathSeparator + libraries, "Repeat"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What its processes have written. */
  Path log() {
    return folder.resolve("program.log");
  }
}
