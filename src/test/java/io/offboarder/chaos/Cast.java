package io.offboarder.chaos;

import io.offboarder.testing.BrokerProcess;
import io.offboarder.testing.Company;
import io.offboarder.testing.JarProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;

/** The processes of a run: a broker, a sandbox and a group of instances. */
final class Cast implements AutoCloseable {
  private static final String GROUP = "chaos";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** So soon that they are under way while things are killed. */
  private static final String SECOND_LOOKS = "1s,3s";

  /** Without it, so little would be under way that kills would hardly ever hit anything. */
  private static final String LATENCY = "{\"effect\":\"delay\",\"delayMs\":25}";

  private static final String REFUSAL =
      "{\"status\":403,\"operation\":\"list\",\"matching\":\"" + Workforce.REFUSED + "\"}";

  private final BrokerProcess broker;
  private final JarProcess sandboxProcess;
  private final SandboxControl sandbox;
  private final int sandboxPort;
  private final Map<Integer, JarProcess> instances = new TreeMap<>();
  private final List<String> unexpected = new ArrayList<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private final List<Instant> kills = new ArrayList<>();
  private final Path logs;
  private int lives;
  private boolean brokerUp = true;
  private Company company;

  private Cast(Path logs) {
    this.logs = logs;
    sandboxPort = freePort();
    sandbox = new SandboxControl(sandboxPort);
    broker = BrokerProcess.start();
    sandboxProcess = JarProcess.start(Map.of(), "sandbox", "--port", Integer.toString(sandboxPort));
  }

  /** Keeps the broker's files, to find out later what it did. */
  Path keepBrokerFiles() {
    return broker.keepFiles();
  }

  /** When the broker dropped the markers of a transaction. */
  List<Instant> markersDropped() {
    return broker.markersDropped();
  }

  /** Starts a broker and a sandbox; what the processes write is kept in this folder. */
  static Cast enter(Path logs) {
    Runtime.getRuntime().addShutdownHook(new Thread(Cast::endAll));
    Cast cast = new Cast(logs);
    try {
      cast.company = Company.on(cast.broker.bootstrapServers(), GROUP);
      Awaitility.await("the sandbox answers").atMost(PATIENCE).until(cast.sandbox::answers);
      cast.faults(List.of());
      return cast;
    } catch (RuntimeException | Error e) {
      cast.close();
      throw e;
    }
  }

  /** Ends this process's children, should it be told to end in the middle of a run. */
  private static void endAll() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  Company company() {
    return company;
  }

  SandboxControl sandbox() {
    return sandbox;
  }

  /** What happened that nobody had arranged. */
  List<String> unexpected() {
    return unexpected;
  }

  /** When instances were killed. */
  List<Instant> kills() {
    return kills;
  }

  /** How often each kind of mishap was set off. */
  Map<String, Integer> counts() {
    return counts;
  }

  void startInstance(int number) {
    if (isRunning(number)) {
      return;
    }
    Map<String, String> environment = new HashMap<>(company.environment());
    environment.put("OFFBOARDER_INSTANCE_ID", "chaos-" + number);
    environment.put("OFFBOARDER_HTTP_PORT", "0");
    environment.put("OFFBOARDER_WEBEX_BASE_URL", "http://127.0.0.1:" + sandboxPort + "/v1");
    environment.put("OFFBOARDER_WEBEX_CLIENT_ID", "sandbox-client-id");
    environment.put("OFFBOARDER_WEBEX_CLIENT_SECRET", "sandbox-client-secret");
    environment.put("OFFBOARDER_WEBEX_REFRESH_TOKEN", "sandbox-refresh-token");
    environment.put("OFFBOARDER_WEBEX_REQUEST_TIMEOUT", "2s");
    environment.put("OFFBOARDER_POLICY_SECOND_LOOKS", SECOND_LOOKS);
    instances.put(number, JarProcess.start(environment, "run"));
  }

  private boolean isRunning(int number) {
    JarProcess instance = instances.get(number);
    return instance != null && instance.isAlive();
  }

  /** Does what is scheduled. */
  void perform(Mishap mishap) {
    if (mishap instanceof Mishap.KillInstance kill) {
      if (isRunning(kill.instance())) {
        counts.merge("instance kills", 1, Integer::sum);
        instances.get(kill.instance()).kill();
        kills.add(Instant.now());
        retire(kill.instance());
      }
    } else if (mishap instanceof Mishap.RestartInstance restart) {
      startInstance(restart.instance());
    } else if (mishap instanceof Mishap.KillBroker && brokerUp) {
      counts.merge("broker kills", 1, Integer::sum);
      broker.kill();
      brokerUp = false;
    } else if (mishap instanceof Mishap.RestartBroker && !brokerUp) {
      broker.restart();
      brokerUp = true;
    } else if (mishap instanceof Mishap.BeginFaults begin) {
      begin.troubles().forEach(trouble -> counts.merge("api " + trouble, 1, Integer::sum));
      faults(begin.troubles());
    } else if (mishap instanceof Mishap.EndFaults) {
      faults(List.of());
    }
  }

  /** Of the sandbox's faults, the first that applies to a request befalls it. */
  private void faults(List<ApiTrouble> troubles) {
    sandbox.delete("faults");
    sandbox.post("faults", REFUSAL);
    troubles.forEach(trouble -> trouble.begin(sandbox));
    sandbox.post("faults", LATENCY);
  }

  /** Waits until all instances are members of the group. */
  void awaitGroup(int instanceCount) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Awaitility.await("all instances are in the group")
          .atMost(PATIENCE)
          .until(() -> members(admin) == instanceCount);
    }
  }

  private static int members(Admin admin) throws InterruptedException {
    try {
      return admin.describeConsumerGroups(List.of(GROUP)).all().get().get(GROUP).members().size();
    } catch (ExecutionException noGroupYet) {
      return 0;
    }
  }

  /** Everything works from now on. */
  void recover(int instanceCount) {
    faults(List.of());
    if (!brokerUp) {
      broker.restart();
      brokerUp = true;
    }
    broker.awaitServing(PATIENCE);
    for (int i = 1; i <= instanceCount; i++) {
      startInstance(i);
    }
  }

  /** Instances do not end by themselves. Fails if one did. */
  void rollCall() {
    instances.forEach(
        (number, instance) -> {
          if (!instance.isAlive()) {
            int code = instance.awaitExit(Duration.ofSeconds(1));
            unexpected.add(
                "instance " + number + " ended by itself with " + code + "\n" + tail(instance));
          }
        });
    if (!unexpected.isEmpty()) {
      throw new AssertionError(String.join("\n", unexpected));
    }
  }

  private static String tail(JarProcess instance) {
    List<String> lines = instance.errors().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /** SIGTERM to all; each is to stop in good order. */
  void stopInstances() {
    for (int number : List.copyOf(instances.keySet())) {
      int code = instances.get(number).terminate(Duration.ofSeconds(40));
      if (code != 0) {
        unexpected.add("instance " + number + " ended its orderly stop with " + code);
      }
      retire(number);
    }
  }

  private void retire(int number) {
    keep("instance-" + number + "-life-" + ++lives + ".log", instances.remove(number).errors());
  }

  private void keep(String name, String text) {
    try {
      Files.createDirectories(logs);
      Files.writeString(logs.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (int number : List.copyOf(instances.keySet())) {
      instances.get(number).close();
      retire(number);
    }
    sandboxProcess.close();
    keep("sandbox.log", sandboxProcess.errors());
    keep("broker.log", broker.log());
    broker.close();
  }
}
