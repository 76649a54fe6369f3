package io.offboarder.cli;

import io.offboarder.registry.RegistrySettings;
import io.offboarder.registry.SchemaRegistry;
import io.offboarder.registry.SchemaRegistry.AsJson;
import io.offboarder.registry.SchemaRegistry.Awaited;
import io.offboarder.registry.SchemaRegistry.Content;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads values behind a schema registry's five bytes as the service does, but gives up where the
 * registry does not answer.
 */
final class SchemaReading implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final @Nullable RegistrySettings settings;
  private final @Nullable Vertx vertx;
  private final @Nullable SchemaRegistry registry;

  /** Reads by a registry's schemas; by none, values stay as they are. */
  SchemaReading(@Nullable RegistrySettings settings) {
    this.settings = settings;
    this.vertx = settings == null ? null : Vertx.vertx();
    this.registry = settings == null ? null : new SchemaRegistry(vertx, settings);
  }

  /**
   * What a value is.
   *
   * @throws CommandFailure where the registry does not say
   */
  Content read(byte @Nullable [] value) {
    if (registry == null || vertx == null) {
      return new AsJson(value);
    }
    Content content = registry.read(value);
    if (content instanceof Awaited awaited) {
      await(vertx, registry, awaited.schema());
      return registry.read(value);
    }
    return content;
  }

  private void await(Vertx running, SchemaRegistry asked, int schema) {
    Promise<Void> known = Promise.promise();
    CompletableFuture<Void> answer = known.future().toCompletionStage().toCompletableFuture();
    running.runOnContext(
        now ->
            asked
                .await(schema, () -> !answer.isDone())
                .onComplete(told -> known.tryComplete(), untold -> known.tryFail(untold)));
    try {
      answer.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the schema registry at "
              + (settings == null ? "" : settings.http().baseUrl())
              + " did not tell schema "
              + schema
              + " within "
              + PATIENCE.toSeconds()
              + " s",
          e);
    }
  }

  @Override
  public void close() {
    if (vertx != null) {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
