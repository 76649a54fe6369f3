package io.offboarder.policy;

import io.offboarder.event.AppDecommissioned;
import io.offboarder.event.DecodeError;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.EffectiveTime;
import io.offboarder.event.OffboardingEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides about an event right before it would be acted on. Immutable. */
public final class ActionPolicy {
  private final PolicySettings settings;
  private final List<Pattern> ignoredTypes;

  /** A policy by these settings. */
  public ActionPolicy(PolicySettings settings) {
    this.settings = settings;
    this.ignoredTypes = settings.ignoredTypes().stream().map(ActionPolicy::pattern).toList();
  }

  private static Pattern pattern(String type) {
    return Pattern.compile(
        Stream.of(type.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }

  /**
   * The decision at this moment.
   *
   * @param ownClientId of the app whose credentials this service calls the API with; empty where
   *     that is not known
   */
  public Decision decide(OffboardingEvent event, Instant now, Optional<String> ownClientId) {
    if (event instanceof AppDecommissioned app
        && ownClientId.filter(app.subject().clientId()::equals).isPresent()) {
      return new Decision.Skip(
          "own_client",
          "this app is the one that Offboarder calls the API with: without its authorizations no"
              + " further event could be acted on");
    }
    EffectiveTime effective = event.effective();
    return effective != null && effective.at().isAfter(now.plus(settings.clockSkew()))
        ? new Decision.Refuse(notYet(effective, now))
        : new Decision.Act();
  }

  private static DecodeError notYet(EffectiveTime effective, Instant now) {
    return DecodeError.of(
        Code.EFFECTIVE_IN_FUTURE,
        effective.field(),
        "was " + effective.at() + ", which is later than now (" + now + ")",
        "a moment that has come; send the event again then");
  }

  /** Whether an event of a type that this service does not act on is passed over in silence. */
  public Optional<Decision.Skip> passOver(Rejected rejected) {
    String type = rejected.attributes().type();
    boolean ignored =
        rejected.error().code() == Code.UNKNOWN_TYPE
            && type != null
            && ignoredTypes.stream().anyMatch(pattern -> pattern.matcher(type).matches());
    return ignored
        ? Optional.of(
            new Decision.Skip("ignored_type", "events of this type are ignored by configuration"))
        : Optional.empty();
  }
}
