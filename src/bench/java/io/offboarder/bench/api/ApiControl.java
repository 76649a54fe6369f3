package io.offboarder.bench.api;

import io.offboarder.bench.work.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bench API's control endpoints, from another process. Thread-safe; calls wait. */
public final class ApiControl {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;
  private final URI secured;

  /** The control of the API on these ports, of which one is for TLS. */
  public ApiControl(int port, int tlsPort) {
    base = URI.create("http://127.0.0.1:" + port + "/");
    secured = URI.create("https://localhost:" + tlsPort + "/");
  }

  /** The API itself. */
  public URI api(Wire wire) {
    return (wire == Wire.PLAIN ? base : secured).resolve("v1");
  }

  /** The id of a person is this and the person's number. */
  public static String personIdPrefix() {
    return People.ID_PREFIX;
  }

  /** Whether it answers yet. */
  public boolean answers() {
    try {
      get("standing");
      return true;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  /** Starts a run: everybody has everything, nothing was asked. */
  public void begin(RunPlan plan) {
    send(request("course").POST(BodyPublishers.ofString(plan.json())));
  }

  /** Tells whose processor time the marks are to show. */
  public void watch(long contenderPid, long brokerPid) {
    get("watch?contender=" + contenderPid + "&broker=" + brokerPid);
  }

  /** How the run stands. */
  public RunProgress standing() {
    return RunProgress.read(new String(get("standing"), StandardCharsets.UTF_8));
  }

  /** When each person's authorizations were deleted, in microseconds; 0 if they were not. */
  public long[] deletions() {
    ByteBuffer bytes = ByteBuffer.wrap(get("deletions"));
    long[] micros = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(micros);
    return micros;
  }

  private byte[] get(String path) {
    return send(request(path).GET());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve("bench/" + path));
  }

  private byte[] send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
