package io.offboarder.stream;

import io.offboarder.testing.EmbeddedBroker;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A group of engines for each test, with topics of its own on the broker that tests share. */
abstract class EngineFixture {
  private static final AtomicInteger TESTS = new AtomicInteger();

  EngineGroup group;

  @BeforeEach
  void begin() {
    group =
        new EngineGroup(
            EmbeddedBroker.shared().bootstrapServers(), "engine-" + TESTS.incrementAndGet());
  }

  @AfterEach
  void end() {
    group.close();
  }
}
