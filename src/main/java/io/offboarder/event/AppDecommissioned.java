package io.offboarder.event;

import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.Subject.App;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An app is retired.
 *
 * @param subject the app and its org, which is from the event or the configured default
 * @param reason as the platform team gave it
 */
public record AppDecommissioned(
    EventAttributes attributes,
    App subject,
    @Nullable EffectiveTime effective,
    @Nullable String applicationName,
    @Nullable String reason)
    implements OffboardingEvent {

  /** Checks that the org is named. */
  public AppDecommissioned {
    if (subject.orgId() == null) {
      throw new IllegalArgumentException("no orgId");
    }
  }

  static AppDecommissioned read(
      EventAttributes attributes, JsonFields data, DecoderSettings settings)
      throws DecodeException {
    String clientId =
        required(data.prefix() + "clientId", data.id("clientId"), "the app's OAuth client id");
    String named = data.id("orgId");
    String orgId =
        required(
            data.prefix() + "orgId",
            named == null ? settings.defaultOrgId() : named,
            "the org's id, there or as a configured default");
    return new AppDecommissioned(
        attributes,
        new App(clientId, orgId),
        data.effectiveTime(),
        data.text("applicationName"),
        data.text("reason"));
  }

  private static String required(String field, @Nullable String value, String expected)
      throws DecodeException {
    if (value == null) {
      throw new DecodeException(Code.MISSING_MEMBER, field, "was missing", expected);
    }
    return value;
  }

  @Override
  public EventType type() {
    return EventType.APP_DECOMMISSIONED;
  }

  /** Whose authorizations of the app are to go. */
  public String orgId() {
    return Objects.requireNonNull(subject.orgId());
  }

  @Override
  public String key() {
    return subject.key();
  }
}
