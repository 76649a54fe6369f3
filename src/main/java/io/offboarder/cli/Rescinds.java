package io.offboarder.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.cases.WaitingCase;
import io.offboarder.event.EventType;
import io.offboarder.event.Subject;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events that take cases back. */
final class Rescinds {
  private Rescinds() {}

  /**
   * One for each case, by the topic that it came from.
   *
   * @throws CommandFailure if a case is itself a rescind
   */
  static Map<String, List<OutgoingEvent>> of(
      List<WaitingCase> cases, @Nullable String reason, Instant now) {
    Map<String, List<OutgoingEvent>> rescinds = new LinkedHashMap<>();
    for (WaitingCase one : cases) {
      if (one.state().isRescind()) {
        throw new CommandFailure(
            ExitCode.FAILED, List.of("case " + one.caseId() + " is a rescind, which stays"));
      }
      rescinds
          .computeIfAbsent(one.event().input().topic(), topic -> new ArrayList<>())
          .add(rescind(one, reason, now));
    }
    return rescinds;
  }

  private static OutgoingEvent rescind(WaitingCase one, @Nullable String reason, Instant now) {
    EventType kind =
        one.event().kind() == EventType.USER_TERMINATED
            ? EventType.USER_TERMINATION_RESCINDED
            : EventType.APP_DECOMMISSION_RESCINDED;
    ObjectNode event =
        OutgoingEvent.cloudEvent(UUID.randomUUID().toString(), "/offboarder/cli", kind, now);
    ObjectNode data = event.withObject("/data");
    Subject subject = one.event().subject();
    if (subject instanceof Person person) {
      putIfThere(data, "personId", person.personId() == null ? null : person.personId().value());
      putIfThere(data, "personEmail", person.personEmail());
    } else if (subject instanceof App app) {
      data.put("clientId", app.clientId());
      putIfThere(data, "orgId", app.orgId() == null ? null : app.orgId().value());
    }
    putIfThere(data, "eventId", one.event().id());
    putIfThere(data, "eventSource", one.event().source());
    putIfThere(data, "reason", reason);
    return new OutgoingEvent(event, event.toString());
  }

  private static void putIfThere(ObjectNode data, String name, @Nullable String value) {
    if (value != null) {
      data.put(name, value);
    }
  }
}
