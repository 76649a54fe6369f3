package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The command line")
class CommandLineProgramTest {
  @TempDir Path directory;

  @ParameterizedTest(name = "offboarder {0} --help")
  @DisplayName("explains itself everywhere, and the exit codes once")
  @ValueSource(
      strings = {
        "",
        "run",
        "send",
        "send user-terminated",
        "send app-decommissioned",
        "send user-termination-rescinded",
        "send app-decommission-rescinded",
        "outcomes",
        "case",
        "case list",
        "case show",
        "case cancel",
        "status",
        "dead-letters",
        "dead-letters list",
        "dead-letters show",
        "check",
        "health",
        "sandbox",
        "completion"
      })
  void help(String command) {
    Invocation help = new Invocation().run((command + " --help").strip().split(" "));
    assertThat(help.exitCode()).isZero();
    assertThat(help.errors()).isEmpty();
    assertThat(help.output())
        .contains("Usage: offboarder" + (command.isEmpty() ? "" : " " + command))
        .contains("--version")
        .doesNotContain("\u001b");
    for (ExitCode code : ExitCode.values()) {
      assertThat(help.lines().stream().anyMatch(line -> line.matches(" +" + code.code() + "   .*")))
          .isEqualTo(command.isEmpty());
    }
    assertThat(help.output().contains("Exit codes:")).isEqualTo(command.isEmpty());
    Invocation version = new Invocation().run((command + " --version").strip().split(" "));
    assertThat(version.exitCode()).isZero();
    assertThat(version.lines()).singleElement().asString().startsWith("offboarder ");
  }

  @ParameterizedTest(name = "offboarder {0}")
  @DisplayName("says in one line what was asked wrongly, and exits with 2")
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | a command is missing; expected run, send, revoke, plan, replay, outcomes, case,",
        "rum | there is no command \"rum\"; expected run, send, revoke, plan, replay, outcomes, case,",
        "send mail | there is no command \"mail\"; expected",
        "send --file / | / is a directory; expected a file with an event on each line",
        "run --port 1 | Unknown options: '--port', '1'",
        "send | what to send is missing: user-terminated, app-decommissioned or --file",
        "send user-terminated | who is missing: --person-id or --person-email",
        "send app-decommissioned | Missing required option: '--client-id=ID'",
        "send user-terminated --person-id x --effective-at soon | data.effectiveAt was 'soon'",
        "send user-terminated --person-email ann | data.personEmail was 'ann'",
        "send --file f user-terminated --person-id x | --file and user-terminated both say what",
        "send --file /nowhere/at/all | the file /nowhere/at/all does not exist",
        "replay | what to publish again is missing; expected --dead-letters, --status or --topic",
        "replay --dead-letters --status failed | what to publish again is said more than once",
        "case release --reason r | which cases is missing; expected ids, --person, --file, --since,",
        "case release --reason r --file /nowhere/at/all | the file /nowhere/at/all does not exist",
        "guard | what to do is missing: status, trip or reset",
        "case | what to do is missing: list, show, cancel, release or discard",
        "case list --state dreaming | expected one of",
        "send user-termination-rescinded | what is taken back is missing: --person-id,",
        "send app-decommission-rescinded | what is taken back is missing: --client-id or",
        "dead-letters | what to do is missing: list or show",
        "dead-letters show | Missing required parameter",
        "dead-letters show 17 | '17' is no position, such as 0:17",
        "dead-letters list --since soon | 'soon' is no time",
        "send --file f --timeout soon | 'soon' is no duration",
        "outcomes --max 0 | '0' is no whole number, 1 or more",
        "outcomes --since soon | 'soon' is no time; expected how long ago",
        "outcomes --since 1h --from-beginning | both say where to begin",
        "outcomes -o xml | xml",
        "outcomes --until 2026-02-30 | '2026-02-30' is no time",
        "outcomes --status fine | fine",
        "health --url : | --url",
        "health --url nonsense | --url is \"nonsense\"; expected one such as http://",
        "sandbox --port many | 'many' is no port, 0 to 65535",
        "sandbox --port 99999 | '99999' is no port, 0 to 65535",
        "sandbox --requests-per-second 0 | '0' is no whole number, 1 or more",
        "sandbox --p99-latency 1s | --p99-latency needs a --latency",
        "sandbox --person ann | --person is \"ann\"; expected an e-mail address"
      })
  void wrong(String arguments, String expected) {
    Invocation wrong =
        new Invocation().run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.output()).isEmpty();
    assertThat(wrong.errors())
        .singleElement()
        .asString()
        .startsWith("offboarder: ")
        .contains(expected);
  }

  @Test
  @DisplayName("shows every fault of the configuration on a line of its own")
  void configuration() {
    Invocation run =
        new Invocation()
            .with("OFFBOARDER_HTTP_PORT", "x")
            .with("OFFBOARDER_WEBEX_ACCESS_TOKEN", "a secret")
            .run("run");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errors())
        .hasSize(2)
        .allMatch(line -> line.startsWith("offboarder: offboarder."))
        .noneMatch(line -> line.contains("a secret"));
  }

  @ParameterizedTest(name = "offboarder {0}")
  @DisplayName("takes the configuration's file before and after a subcommand")
  @ValueSource(
      strings = {
        "run --config nowhere.yaml",
        "outcomes -c nowhere.yaml",
        "send --config nowhere.yaml user-terminated --person-id p",
        "send user-terminated --person-id p --config nowhere.yaml",
        "send app-decommissioned --client-id C -c nowhere.yaml"
      })
  void configFile(String arguments) {
    Invocation run =
        new Invocation().with("OFFBOARDER_WEBEX_ACCESS_TOKEN", "t").run(arguments.split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errors()).singleElement().asString().contains("nowhere.yaml does not exist");
  }

  @Test
  @DisplayName("names the lines of a file that are no events, and sends nothing")
  void fileWithFaults() throws IOException {
    Path file = directory.resolve("events.ndjson");
    Files.writeString(
        file,
        """
        {"id":"1","type":"user-terminated","data":{"personEmail":"ann@example.com"}}

        {"id":"2","type":
        [1]
        {"id":"3","type":"payday"}
        """);
    Invocation send = new Invocation().run("send", "--file", file.toString());
    assertThat(send.exitCode()).isEqualTo(2);
    assertThat(send.errors())
        .satisfiesExactly(
            line -> assertThat(line).contains("line 3: is no JSON"),
            line -> assertThat(line).contains("line 4: is no event"),
            line -> assertThat(line).contains("line 5: type is \"payday\""),
            line ->
                assertThat(line)
                    .startsWith("offboarder: nothing was sent; expected a whole event"));
  }

  @Test
  @DisplayName("names the rows of a table that are no events, and sends nothing")
  void tableWithFaults() {
    Invocation send =
        new Invocation()
            .withInput(
                """
                type,id,personEmail,clientId,reason
                ,1,ann@example.com,,"left, at last"
                ,2,nobody,,
                payday,3,bob@example.com,,
                """)
            .run("send", "--csv", "--file", "-");
    assertThat(send.exitCode()).isEqualTo(2);
    assertThat(send.errors())
        .satisfiesExactly(
            line -> assertThat(line).contains("standard input, line 3: data.personEmail was"),
            line -> assertThat(line).contains("standard input, line 4: type was"),
            line -> assertThat(line).isEqualTo("offboarder: nothing was sent"));
    Invocation column =
        new Invocation().withInput("mail\na@b.c\n").run("send", "--csv", "--file", "-");
    Invocation empty = new Invocation().withInput("\n").run("send", "--csv", "--file", "-");
    assertThat(empty.exitCode()).isEqualTo(2);
    assertThat(empty.errors())
        .singleElement()
        .asString()
        .endsWith(" is empty; expected a header such as personEmail,reason");
    assertThat(column.exitCode()).isEqualTo(2);
    assertThat(column.errors())
        .singleElement()
        .asString()
        .contains("has a column \"mail\"; expected a header with some of type, id,");
  }

  @Test
  @DisplayName("says in one line that nothing tells its health, and exits with 1")
  void health() {
    Invocation health = new Invocation().run("health", "--url", "http://127.0.0.1:1/health/ready");
    assertThat(health.exitCode()).isEqualTo(1);
    assertThat(health.errors())
        .containsExactly(
            "offboarder: nothing tells its health at http://127.0.0.1:1/health/ready"
                + " (no connection)");
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("asks for health where the settings say that it is told")
  @CsvSource({"0.0.0.0, 127.0.0.1", "::, 127.0.0.1", "127.0.0.2, 127.0.0.2", "::1, [::1]"})
  void configuredHealth(String host, String asked) {
    Invocation health =
        new Invocation().with("OFFBOARDER_HTTP_HOST", host).with("OFFBOARDER_HTTP_PORT", "1");
    assertThat(health.run("health").exitCode()).isEqualTo(1);
    assertThat(health.errors())
        .singleElement()
        .asString()
        .contains("http://" + asked + ":1/health");
  }

  @Test
  @DisplayName("cannot ask for health at a port that the settings leave open")
  void anyPort() {
    Invocation health = new Invocation().with("OFFBOARDER_HTTP_PORT", "0").run("health");
    assertThat(health.exitCode()).isEqualTo(2);
    assertThat(health.errors()).singleElement().asString().contains("expected --url");
  }

  @Test
  @DisplayName("completes commands and options in a shell")
  void completion() throws Exception {
    Invocation completion = new Invocation().run("completion");
    assertThat(completion.exitCode()).isZero();
    Path script = directory.resolve("completion");
    String completing =
        completion.output()
            + """
            COMP_WORDS=(offboarder out); COMP_CWORD=1; _complete_offboarder; echo "${COMPREPLY[@]}"
            COMP_WORDS=(offboarder outcomes --pe); COMP_CWORD=2; _complete_offboarder; echo "${COMPREPLY[@]}"
            """;
    Files.writeString(script, completing);
    Process bash = new ProcessBuilder("bash", script.toString()).redirectErrorStream(true).start();
    assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
        .contains("outcomes", "--person");
    assertThat(bash.waitFor()).isZero();
  }

  @Test
  @DisplayName("takes help for a command")
  void helpCommand() {
    assertThat(new Invocation().run("help").output()).startsWith("Usage: offboarder [");
    assertThat(new Invocation().run("help", "send").output()).startsWith("Usage: offboarder send");
  }

  @Test
  @DisplayName("runs a sandbox that says where it is, until it is stopped")
  void sandbox() throws Exception {
    Invocation sandbox = new Invocation();
    CompletableFuture<Invocation> running =
        sandbox.runInBackground("sandbox", "--port", "0", "--person", "ann@example.com");
    Awaitility.await().until(() -> sandbox.output().contains("/sandbox/people"));
    assertThat(sandbox.output()).containsPattern("Webex sandbox at http://127.0.0.1:\\d+/v1");
    sandbox.stop();
    assertThat(running.get(10, TimeUnit.SECONDS).exitCode()).isZero();
    assertThat(sandbox.errors()).isEmpty();
  }
}
