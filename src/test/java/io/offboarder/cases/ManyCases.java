package io.offboarder.cases;

import com.sun.management.OperatingSystemMXBean;
import io.offboarder.kafka.KafkaSettings;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Reads all cases of a topic in a process of its own, and says how many there were. */
final class ManyCases {
  private ManyCases() {}

  /**
   * Takes the broker and the topic; prints the number of cases and the processor time in
   * milliseconds.
   */
  public static void main(String[] arguments) throws InterruptedException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    CaseTable table = new CaseTable();
    ExecutorService loop = Executors.newSingleThreadExecutor();
    CountDownLatch known = new CountDownLatch(1);
    KafkaSettings kafka = new KafkaSettings(arguments[0], Map.of(), KafkaSettings.USUAL_PATIENCE);
    CaseTail tail =
        new CaseTail(
            kafka, arguments[1], loop, changes -> changes.forEach(change -> change.applyTo(table)));
    tail.whenCaughtUp(known::countDown);
    known.await();
    System.out.println(table.all().size() + " " + system.getProcessCpuTime() / 1_000_000);
    System.exit(0);
  }
}
