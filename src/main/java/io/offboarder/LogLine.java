package io.offboarder;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.LayoutBase;
import io.offboarder.text.Printable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A log's line as text: time, level, where from, what. An exception follows on its own lines, with
 * where it was thrown. Not Logback's pattern, because each text in it could forge further lines or
 * tell a terminal what to do.
 */
final class LogLine extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @Override
  public String doLayout(ILoggingEvent event) {
    String logger = event.getLoggerName();
    StringBuilder line =
        new StringBuilder(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())))
            .append(' ')
            .append(String.format("%-5s", event.getLevel()))
            .append(' ')
            .append(logger.substring(logger.lastIndexOf('.') + 1))
            .append(" - ")
            .append(Printable.oneLine(event.getFormattedMessage()))
            .append('\n');
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      append(line, thrown);
    }
    return line.toString();
  }

  private static void append(StringBuilder line, IThrowableProxy thrown) {
    line.append(Printable.oneLine(thrown.getClassName() + ": " + thrown.getMessage())).append('\n');
    StackTraceElementProxy[] trace = thrown.getStackTraceElementProxyArray();
    if (trace != null && trace.length > 0) {
      line.append("\t").append(trace[0].getSTEAsString()).append('\n');
    }
  }
}
