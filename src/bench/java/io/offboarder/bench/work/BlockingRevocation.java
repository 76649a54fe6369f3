package io.offboarder.bench.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** List, delete, list again, on the calling thread. Thread-safe. */
public final class BlockingRevocation {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI api;

  /** A revocation against this API. */
  public BlockingRevocation(URI api) {
    this.api = api;
  }

  /**
   * Revokes what a person has.
   *
   * @throws IllegalStateException if something is left
   */
  public Verdict revoke(Leaver leaver) {
    Optional<String> refresh = list(leaver.personId()).refresh();
    if (refresh.isPresent()) {
      send(request("/authorizations/" + refresh.get()).DELETE());
      if (list(leaver.personId()).size() > 0) {
        throw new IllegalStateException("something is left of " + leaver.personId());
      }
    }
    return new Verdict(leaver, refresh);
  }

  private Listed list(String personId) {
    return Listed.read(send(request("/authorizations?personId=" + personId).GET()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(api + path))
        .header("Authorization", "Bearer " + Task.TOKEN)
        .header("Accept", "application/json")
        .timeout(PATIENCE);
  }

  private byte[] send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      if (response.statusCode() / 100 != 2) {
        throw new IllegalStateException("answered " + response.statusCode());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
