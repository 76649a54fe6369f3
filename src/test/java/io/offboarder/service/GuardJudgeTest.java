package io.offboarder.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.offboarder.guard.GuardFormat;
import io.offboarder.guard.GuardKey.Kind;
import io.offboarder.guard.GuardReset;
import io.offboarder.guard.GuardSettings;
import io.offboarder.guard.GuardTrip;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("What the guard logs")
class GuardJudgeTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  private final Logger logger = (Logger) LoggerFactory.getLogger(GuardJudge.class);
  private final Level before = logger.getLevel();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final GuardFormat format = new GuardFormat();
  private final GuardJudge judge =
      new GuardJudge(
          new GuardSettings(3, 1, Duration.ofHours(1), false), Clock.fixed(NOW, ZoneOffset.UTC));
  private long offset;

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
    judge.begin(0, Instant.MIN);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setLevel(before);
  }

  @Test
  @DisplayName("at a start is one line on how it stands, whatever happened within the day before")
  void start() {
    trip("a", null);
    reset("b");
    trip("c", null);
    reset("d");
    assertThat(logged()).isEmpty();

    judge.announcement();
    judge.announcement();

    assertThat(logged()).containsExactly("INFO The guard is not tripped");
  }

  @Test
  @DisplayName("at a start is one line on all that is tripped")
  void tripped() {
    trip("a", null);

    judge.announcement();

    assertThat(logged())
        .singleElement()
        .asString()
        .startsWith("WARN The guard is tripped for ")
        .contains("terminations since " + NOW, "decommissions since " + NOW);
  }

  @Test
  @DisplayName("later is each change, once")
  void changes() {
    judge.announcement();
    trip("a", Kind.TERMINATIONS);
    trip("a", Kind.TERMINATIONS);
    judge.announcement();
    reset("b");
    reset("b");

    assertThat(logged())
        .hasSize(3)
        .satisfies(all -> assertThat(all.get(1)).startsWith("WARN A person has tripped the guard"))
        .endsWith("INFO The guard was reset");
  }

  @Test
  @DisplayName("is not said again where the journal had a gap and nothing has changed")
  void gap() {
    judge.announcement();
    judge.begin(0, Instant.MIN);
    trip("a", null);
    reset("b");
    judge.announcement();

    assertThat(logged()).containsExactly("INFO The guard is not tripped");
  }

  private void trip(String id, Kind kind) {
    judge.announced(offset++, NOW, format.write(new GuardTrip(id, kind)));
  }

  private void reset(String id) {
    judge.announced(offset++, NOW, format.write(new GuardReset(id, null, null)));
  }

  private List<String> logged() {
    return lines.list.stream()
        .map(line -> line.getLevel() + " " + line.getFormattedMessage())
        .toList();
  }
}
