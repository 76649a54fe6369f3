package io.offboarder.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Turns a record's headers and value into an event to act on, or into what is wrong with it. Never
 * throws for what it reads. May be called from any thread.
 */
public final class EventDecoder {
  private static final String USER_TERMINATED = "user-terminated";
  private static final String APP_DECOMMISSIONED = "app-decommissioned";

  /** A type is recognised by its last part, a version after it aside. */
  private static final Pattern TYPE =
      Pattern.compile(
          "(?:.*\\.)?("
              + USER_TERMINATED
              + "|"
              + APP_DECOMMISSIONED
              + ")(?:\\.v\\d+(?:\\.\\d+)*)?");

  private final EnvelopeReader envelopes = new EnvelopeReader();
  private final @Nullable String defaultOrgId;
  private final Clock clock;

  /**
   * A decoder.
   *
   * @param defaultOrgId the org of a retired app whose event names none; null if every event must
   * @param clock tells whether an event takes effect in the future
   */
  public EventDecoder(@Nullable String defaultOrgId, Clock clock) {
    this.defaultOrgId = defaultOrgId;
    this.clock = clock;
  }

  /** Decodes one record. */
  public Decoded decode(Headers headers, byte @Nullable [] value) {
    try {
      return new Understood(event(envelopes.read(headers, value)));
    } catch (DecodeException e) {
      return new Rejected(
          envelopes.attributesOf(headers, value),
          wellFormed(envelopes.membersOf(value)),
          e.fault());
    }
  }

  private OffboardingEvent event(Envelope envelope) throws DecodeException {
    EventAttributes attributes = envelope.attributes();
    String type = Objects.requireNonNull(attributes.type());
    Matcher matcher = TYPE.matcher(type);
    if (!matcher.matches()) {
      throw new DecodeException(
          Code.UNKNOWN_TYPE,
          "type",
          new Quoted(type),
          USER_TERMINATED + " or " + APP_DECOMMISSIONED + ", perhaps with a prefix and a version");
    }
    return matcher.group(1).equals(USER_TERMINATED)
        ? userTerminated(attributes, envelope.data())
        : appDecommissioned(attributes, envelope.data());
  }

  private UserTerminated userTerminated(EventAttributes attributes, JsonFields data)
      throws DecodeException {
    String personId = data.id("personId");
    String personEmail = data.email("personEmail");
    if (personId == null && personEmail == null) {
      throw new DecodeException(
          Code.MISSING_MEMBER,
          data.prefix() + "personId",
          "and personEmail were missing",
          "at least one of them");
    }
    String orgId = data.id("orgId");
    requireInEffect(data);
    return new UserTerminated(attributes, personId, personEmail, orgId, data.text("reason"));
  }

  private AppDecommissioned appDecommissioned(EventAttributes attributes, JsonFields data)
      throws DecodeException {
    String clientId =
        required(data.prefix() + "clientId", data.id("clientId"), "the app's OAuth client id");
    String named = data.id("orgId");
    String orgId =
        required(
            data.prefix() + "orgId",
            named == null ? defaultOrgId : named,
            "the org's id, there or as a configured default");
    requireInEffect(data);
    return new AppDecommissioned(
        attributes, clientId, orgId, data.text("applicationName"), data.text("reason"));
  }

  private void requireInEffect(JsonFields data) throws DecodeException {
    Instant effectiveAt = data.instant("effectiveAt");
    Instant now = clock.instant();
    if (effectiveAt != null && effectiveAt.isAfter(now)) {
      throw new DecodeException(
          Code.EFFECTIVE_IN_FUTURE,
          data.prefix() + "effectiveAt",
          "was " + effectiveAt + ", which is later than now (" + now + ")",
          "a moment that has come; send the event again then");
    }
  }

  private static String required(String field, @Nullable String value, String expected)
      throws DecodeException {
    if (value == null) {
      throw new DecodeException(Code.MISSING_MEMBER, field, "was missing", expected);
    }
    return value;
  }

  private static Subject wellFormed(JsonNode members) {
    if (!members.isObject()) {
      return Subject.UNKNOWN;
    }
    JsonFields data = new JsonFields(members, "");
    return new Subject(
        orNull(() -> data.id("personId")),
        orNull(() -> data.email("personEmail")),
        orNull(() -> data.id("clientId")),
        orNull(() -> data.id("orgId")));
  }

  private interface DataReader {
    @Nullable String read() throws DecodeException;
  }

  private static @Nullable String orNull(DataReader reading) {
    try {
      return reading.read();
    } catch (DecodeException notWellFormed) {
      return null;
    }
  }
}
