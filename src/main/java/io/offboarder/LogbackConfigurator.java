package io.offboarder;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log; Logback finds it as a service. Lines go to standard error, because standard
 * output is for results. This is code and not a file of Logback's, because reading a file takes an
 * eighth of the program's start. A file that is named by {@code -Dlogback.configurationFile} comes
 * first.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class LogbackConfigurator extends ContextAwareBase implements Configurator {
  private static final String LEVEL = "OFFBOARDER_LOG_LEVEL";
  private static final String FORMAT = "OFFBOARDER_LOG_FORMAT";

  /** What waits to be written; beyond that, lines are dropped. */
  private static final int LINES_WAITING = 8192;

  private static final Map<String, Level> LEVELS =
      Map.of(
          "org.apache.kafka",
          Level.WARN,
          // Say once a second that a broker is away or refuses us; we say so now and then.
          "org.apache.kafka.clients.NetworkClient",
          Level.OFF,
          "org.apache.kafka.clients.ClientUtils",
          Level.ERROR,
          // Show the stack traces of what they also throw.
          "org.apache.kafka.clients.admin.internals.AdminMetadataManager",
          Level.ERROR,
          "org.apache.kafka.common.security",
          Level.ERROR,
          "org.apache.kafka.common.security.ssl.DefaultSslEngineFactory",
          Level.OFF,
          // Says again, without saying of whom, what the request's own failure says.
          "io.vertx.core.net.impl.ConnectionBase",
          Level.OFF,
          // Warns that Vert.x registers its gauge of connections again each time; the value is
          // right.
          "io.micrometer.core.instrument.MeterRegistry",
          Level.ERROR,
          // Warns of each of the requests that somebody sends too many of at once.
          "io.netty.channel.AbstractChannelHandlerContext",
          Level.ERROR,
          // Warns where a container has no network card; it only wants a number unlike others.
          "io.netty.util.internal.MacAddressUtil",
          Level.ERROR);

  /** For Logback alone. */
  public LogbackConfigurator() {}

  /** Silences the log unless the environment asks for it; before the first line. */
  static void offByDefault() {
    if (System.getenv(LEVEL) == null) {
      System.setProperty(LEVEL, Level.OFF.levelStr);
    }
  }

  /** Writes what still waits to be written. Nothing is logged afterwards. */
  static void writeOut() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    context.getStatusManager().add(new NopStatusListener());
    LEVELS.forEach((name, level) -> context.getLogger(name).setLevel(level));
    String level = System.getProperty(LEVEL, System.getenv(LEVEL));
    context.getLogger("io.offboarder").setLevel(Level.toLevel(level, Level.INFO));
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(writer(context));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static BatchingAppender writer(LoggerContext context) {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder("json".equals(System.getenv(FORMAT)) ? json(context) : text(context));
    console.start();
    BatchingAppender writer = new BatchingAppender(console, LINES_WAITING);
    writer.setContext(context);
    writer.setName("writer");
    writer.start();
    return writer;
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    LogLine line = new LogLine();
    line.setContext(context);
    line.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(line);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    EcsLogEncoder encoder = new EcsLogEncoder();
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
