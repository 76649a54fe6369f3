package io.offboarder.event;

import org.jspecify.annotations.Nullable;

/**
 * An app is retired.
 *
 * @param clientId its OAuth client id
 * @param orgId whose authorizations of it are to go; from the event, or the configured default
 * @param reason as the platform team gave it
 */
public record AppDecommissioned(
    EventAttributes attributes,
    String clientId,
    String orgId,
    @Nullable String applicationName,
    @Nullable String reason)
    implements OffboardingEvent {

  @Override
  public Subject subject() {
    return new Subject(null, null, clientId, orgId);
  }

  @Override
  public String key() {
    return clientId;
  }
}
