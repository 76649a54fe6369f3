package io.offboarder.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.Decoded;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.EventType;
import io.offboarder.event.UserTerminated;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person as the command line names them.
 *
 * @param id null where only the address is given
 * @param email null where only the id is given
 */
record NamedPerson(@Nullable String id, @Nullable String email) {

  /** Whether nobody is named. */
  boolean isNobody() {
    return isBlank(id) && isBlank(email);
  }

  /** What the API is asked for. */
  String name() {
    return String.valueOf(isBlank(id) ? email : id);
  }

  /** What an event says of them. */
  ObjectNode data() {
    ObjectNode data = OutgoingEvent.data();
    OutgoingEvent.putIfGiven(data, "personId", id);
    OutgoingEvent.putIfGiven(data, "personEmail", email);
    return data;
  }

  /** The event that says that they have left. */
  OutgoingEvent termination(@Nullable String reason, Instant now) {
    ObjectNode event =
        OutgoingEvent.cloudEvent(
            UUID.randomUUID().toString(), "/offboarder/cli", EventType.USER_TERMINATED, now);
    ObjectNode data = data();
    OutgoingEvent.putIfGiven(data, "reason", reason);
    event.set("data", data);
    return new OutgoingEvent(event, event.toString());
  }

  /**
   * What the service would make of an event about them.
   *
   * @throws CommandFailure if it would not understand whom it is about
   */
  static UserTerminated understood(OutgoingEvent event) {
    Decoded decoded = event.decodedBy(new EventDecoder(DecoderSettings.defaults()));
    if (decoded instanceof Rejected rejected) {
      throw new CommandFailure(ExitCode.USAGE, List.of(rejected.error().message()));
    }
    return (UserTerminated) ((Understood) decoded).event();
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}
