package io.offboarder.event;

import io.offboarder.event.DecodeError.Code;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of events that this service acts on: how each is called and how it is read. */
public enum EventType {
  /** A person has left. */
  USER_TERMINATED("user-terminated") {
    @Override
    OffboardingEvent read(EventAttributes attributes, JsonFields data, DecoderSettings settings)
        throws DecodeException {
      return UserTerminated.read(attributes, data, settings);
    }
  },
  /** An app is retired. */
  APP_DECOMMISSIONED("app-decommissioned") {
    @Override
    OffboardingEvent read(EventAttributes attributes, JsonFields data, DecoderSettings settings)
        throws DecodeException {
      return AppDecommissioned.read(attributes, data, settings);
    }
  },
  /** A person's leaving is taken back. */
  USER_TERMINATION_RESCINDED("user-termination-rescinded") {
    @Override
    OffboardingEvent read(EventAttributes attributes, JsonFields data, DecoderSettings settings)
        throws DecodeException {
      return Rescinded.termination(attributes, data);
    }
  },
  /** An app's retirement is taken back. */
  APP_DECOMMISSION_RESCINDED("app-decommission-rescinded") {
    @Override
    OffboardingEvent read(EventAttributes attributes, JsonFields data, DecoderSettings settings)
        throws DecodeException {
      return Rescinded.decommission(attributes, data);
    }
  };

  /** A type is recognised by its last part; a version may follow it. */
  private static final Pattern PATTERN =
      Pattern.compile("(?:.*\\.)?([a-z-]+)(?:\\.v\\d+(?:\\.\\d+)*)?");

  private static final Map<String, EventType> BY_WORD =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(EventType::word, one -> one));

  private final String word;

  EventType(String word) {
    this.word = word;
  }

  /** The members that say whom an event of this kind is about, what is to be done and when. */
  List<String> deciding() {
    return switch (this) {
      case USER_TERMINATED -> List.of("personId", "personEmail", "effectiveAt", "dryRun");
      case APP_DECOMMISSIONED -> List.of("clientId", "orgId", "effectiveAt", "dryRun");
      case USER_TERMINATION_RESCINDED ->
          List.of("personId", "personEmail", "eventId", "eventSource", "dryRun");
      case APP_DECOMMISSION_RESCINDED ->
          List.of("clientId", "orgId", "eventId", "eventSource", "dryRun");
    };
  }

  /** The type's last part, such as {@code user-terminated}. */
  public String word() {
    return word;
  }

  /** The kind of event that one of this kind takes back; empty where it takes back none. */
  public Optional<EventType> rescinds() {
    return switch (this) {
      case USER_TERMINATION_RESCINDED -> Optional.of(USER_TERMINATED);
      case APP_DECOMMISSION_RESCINDED -> Optional.of(APP_DECOMMISSIONED);
      case USER_TERMINATED, APP_DECOMMISSIONED -> Optional.empty();
    };
  }

  /** The kind that a CloudEvents {@code type} names; empty for types of other services. */
  public static Optional<EventType> of(String type) {
    Matcher matcher = PATTERN.matcher(type);
    return matcher.matches()
        ? Optional.ofNullable(BY_WORD.get(matcher.group(1)))
        : Optional.empty();
  }

  /** The kind that an event names. */
  static EventType required(String type) throws DecodeException {
    return of(type)
        .orElseThrow(
            () ->
                new DecodeException(
                    Code.UNKNOWN_TYPE,
                    "type",
                    new Quoted(type),
                    Stream.of(values()).map(EventType::word).collect(Collectors.joining(" or "))
                        + ", perhaps with a prefix and a version"));
  }

  /** Reads an event of this kind. */
  abstract OffboardingEvent read(
      EventAttributes attributes, JsonFields data, DecoderSettings settings) throws DecodeException;
}
