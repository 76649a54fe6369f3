package io.offboarder.event;

import io.offboarder.event.Subject.App;
import io.offboarder.id.RestId;
import java.util.List;
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
    @Nullable String reason,
    Execution execution,
    List<String> notes)
    implements OffboardingEvent {

  /** Checks that the org is named, and copies the list. */
  public AppDecommissioned {
    if (subject.orgId() == null) {
      throw new IllegalArgumentException("no orgId");
    }
    notes = List.copyOf(notes);
  }

  /** An event that is to be acted on. */
  public AppDecommissioned(
      EventAttributes attributes,
      App subject,
      @Nullable EffectiveTime effective,
      @Nullable String reason,
      List<String> notes) {
    this(attributes, subject, effective, reason, Execution.REAL, notes);
  }

  static AppDecommissioned read(
      EventAttributes attributes, JsonFields data, DecoderSettings settings)
      throws DecodeException {
    String clientId = data.id("clientId");
    if (clientId == null) {
      throw data.blankOrMissing("clientId", "was missing", "the app's OAuth client id");
    }
    Identifier named = data.restId("orgId", RestId.ORGANIZATION);
    Identifier orgId = named == null ? settings.defaultOrg() : named;
    if (orgId == null) {
      throw data.blankOrMissing(
          "orgId", "was missing", "the org's id, there or as a configured default");
    }
    App app = new App(clientId, orgId, data.shown().text("applicationName"));
    EffectiveTime effective = data.effectiveTime(settings.zone());
    String reason = data.shown().text("reason");
    return new AppDecommissioned(
        attributes, app, effective, reason, data.execution(), data.notes().list());
  }

  @Override
  public EventType type() {
    return EventType.APP_DECOMMISSIONED;
  }

  /** Whose authorizations of the app are to go. */
  public String orgId() {
    return Objects.requireNonNull(subject.orgId()).value();
  }

  @Override
  public String key() {
    return subject.key();
  }
}
