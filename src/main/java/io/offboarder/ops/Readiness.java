package io.offboarder.ops;

import io.offboarder.commands.Pause;
import io.offboarder.service.ServiceStatus;
import io.offboarder.stream.PartitionStatus;
import io.offboarder.stream.StreamStatus;
import io.offboarder.webex.gate.GateStatus;
import io.offboarder.webex.gate.GateStatus.State;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The conditions for a service to revoke; each one explains itself in words. */
enum Readiness {
  /** A member of the group that has its share of the partitions, and is not about to leave. */
  GROUP {
    @Override
    Status of(ServiceStatus service, @Nullable String silence) {
      StreamStatus stream = service.stream();
      if (stream == null) {
        return starting();
      }
      return switch (stream.phase()) {
        case STARTING -> starting();
        case JOINING -> bad("the service joins its group, and takes in its partitions");
        case RUNNING ->
            Status.OK(
                new JsonObject()
                    .put("partitions", stream.partitions().size())
                    .put("recordsInFlight", stream.recordsInFlight())
                    .put("span", span(stream)));
        case STOPPING, STOPPED -> bad("the service is stopping");
      };
    }
  },

  /** Reading, committing and publishing work. */
  KAFKA {
    @Override
    Status of(ServiceStatus service, @Nullable String silence) {
      StreamStatus stream = service.stream();
      if (stream != null && !stream.problem().isEmpty()) {
        return bad(stream.problem());
      }
      String hidden = stream == null ? null : hidden(stream);
      if (silence == null && hidden != null) {
        return bad(hidden);
      }
      return silence == null ? Status.OK() : bad(silence);
    }
  },

  /** Answers as it should. */
  API {
    @Override
    Status of(ServiceStatus service, @Nullable String silence) {
      if (service.eventsHeld() > 0) {
        return bad(
            "the API names one person for several addresses, so nothing is deleted for "
                + service.eventsHeld()
                + " events; the log says more");
      }
      GateStatus gate = service.gate();
      if (gate != null && gate.state() == State.PAUSED) {
        return Status.OK(new JsonObject().put("state", "paused"));
      }
      if (gate == null || (isFine(gate) && !gate.answered())) {
        return bad("the API has not answered yet");
      }
      return gate.state() == State.OUTAGE
          ? bad("the API does not answer as it should" + since(gate))
          : Status.OK(
              new JsonObject()
                  .put("state", gate.state().name().toLowerCase(Locale.ROOT))
                  .put("requestsInFlight", gate.load().inFlight())
                  .put("requestsWaiting", gate.load().waiting()));
    }
  },

  /** The API accepts ours, and lets us do something. */
  CREDENTIALS {
    @Override
    Status of(ServiceStatus service, @Nullable String silence) {
      GateStatus gate = service.gate();
      if (gate != null && gate.state() == State.CREDENTIALS_REFUSED) {
        return bad("the API does not accept the access token or its rights" + since(gate));
      }
      if (gate != null && gate.state() == State.PAUSED) {
        return Status.OK(new JsonObject().put("state", "paused"));
      }
      return gate == null || !gate.answered() ? bad("not yet accepted by the API") : Status.OK();
    }
  },

  /**
   * Always good: that a person has paused the group is no fault, and an instance that starts
   * meanwhile is to take its place. It says who and why.
   */
  PAUSE {
    @Override
    Status of(ServiceStatus service, @Nullable String silence) {
      Pause pause = service.pause();
      return pause == null
          ? Status.OK(new JsonObject().put("paused", false))
          : Status.OK(
              new JsonObject()
                  .put("paused", true)
                  .put("by", pause.by())
                  .put("since", pause.since().toString())
                  .put("reason", pause.reason()));
    }
  },

  /** Says by which schemas records were written. */
  SCHEMAS {
    @Override
    Status of(ServiceStatus service, @Nullable String silence) {
      return service.schemasAwaited()
          ? bad("records wait for the schema registry, which does not answer; the log says why")
          : Status.OK();
    }
  };

  /**
   * How it is.
   *
   * @param silence why Kafka is not heard of, in words; null if it is
   */
  abstract Status of(ServiceStatus service, @Nullable String silence);

  /** Whether all of them are good. */
  static boolean isReady(ServiceStatus service, @Nullable String silence) {
    for (Readiness one : values()) {
      if (!one.of(service, silence).isOk()) {
        return false;
      }
    }
    return true;
  }

  /** Short transactions of others are nothing to speak of. */
  private static final Duration HIDDEN_LONG = Duration.ofMinutes(1);

  private static Status starting() {
    return bad("the service is starting, and waits for Kafka and its topics");
  }

  /**
   * Without the API's own words, which may name people: this page has more readers than the log.
   */
  private static String since(GateStatus gate) {
    return " since " + gate.since() + "; the log says why";
  }

  private static Status bad(String reason) {
    return Status.KO(new JsonObject().put("reason", reason));
  }

  private static boolean isFine(GateStatus gate) {
    return gate.state() == State.OPEN || gate.state() == State.HELD;
  }

  /** The partitions whose records another producer's transaction hides for long; null if none. */
  private static @Nullable String hidden(StreamStatus stream) {
    String partitions =
        stream.partitions().stream()
            .filter(one -> one.hiddenFor().compareTo(HIDDEN_LONG) >= 0)
            .map(one -> one.topic() + "-" + one.partition())
            .collect(Collectors.joining(", "));
    return partitions.isEmpty()
        ? null
        : "another producer's open transaction hides records of "
            + partitions
            + "; find it with kafka-transactions.sh find-hanging";
  }

  private static long span(StreamStatus stream) {
    return stream.partitions().stream().mapToLong(PartitionStatus::span).max().orElse(0);
  }
}
