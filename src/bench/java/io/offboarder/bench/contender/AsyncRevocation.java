package io.offboarder.bench.contender;

import io.offboarder.bench.work.Leaver;
import io.offboarder.bench.work.Listed;
import io.offboarder.bench.work.Task;
import io.offboarder.bench.work.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.Optional;

/**
 * List, delete, list again, by Vert.x's Web Client as it comes, over as many HTTP/1 connections as
 * there may be requests in flight, or over two of HTTP/2 where there is TLS. The caller bounds how
 * much is asked of it.
 */
final class AsyncRevocation {
  /** As many as Offboarder takes. */
  private static final int HTTP2_CONNECTIONS = 2;

  private final WebClient client;
  private final Task task;

  AsyncRevocation(Vertx vertx, Task task) {
    this.task = task;
    this.client =
        WebClient.create(
            vertx,
            options(task),
            new PoolOptions()
                .setHttp1MaxSize(task.concurrency())
                .setHttp2MaxSize(HTTP2_CONNECTIONS)
                .setMaxWaitQueueSize(100_000));
  }

  private static WebClientOptions options(Task task) {
    WebClientOptions options = new WebClientOptions();
    task.caFile()
        .ifPresent(
            file ->
                options
                    .setSsl(true)
                    .setTrustOptions(new PemTrustOptions().addCertPath(file.toString()))
                    .setUseAlpn(true)
                    .setProtocolVersion(HttpVersion.HTTP_2));
    return options;
  }

  /** Fails if something is left, or if the API answers anything but 2xx. */
  Future<Verdict> revoke(Leaver leaver) {
    return list(leaver)
        .compose(
            first -> {
              Optional<String> refresh = first.refresh();
              if (refresh.isEmpty()) {
                return Future.succeededFuture(new Verdict(leaver, refresh));
              }
              return send(HttpMethod.DELETE, "/authorizations/" + refresh.get())
                  .compose(deleted -> list(leaver))
                  .compose(
                      last ->
                          last.size() == 0
                              ? Future.succeededFuture(new Verdict(leaver, refresh))
                              : Future.failedFuture("something is left of " + leaver.personId()));
            });
  }

  private Future<Listed> list(Leaver leaver) {
    return send(HttpMethod.GET, "/authorizations?personId=" + leaver.personId())
        .map(body -> Listed.read(body.getBytes()));
  }

  private Future<Buffer> send(HttpMethod method, String path) {
    RequestOptions options =
        new RequestOptions()
            .setHost(task.api().getHost())
            .setPort(task.api().getPort())
            .setURI(task.api().getPath() + path)
            .putHeader("Authorization", "Bearer " + Task.TOKEN)
            .putHeader("Accept", "application/json");
    return client
        .request(method, options)
        .send()
        .compose(
            response ->
                response.statusCode() / 100 == 2
                    ? Future.succeededFuture(response.body())
                    : Future.failedFuture("answered " + response.statusCode()));
  }
}
