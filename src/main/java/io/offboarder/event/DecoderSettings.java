package io.offboarder.event;

import io.offboarder.id.RestId;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * What the decoder adds to what an event says.
 *
 * @param defaultOrgId the org of a retired app whose event names none, in any form of a REST id;
 *     null if every event must name one
 * @param zone where the day ends on which an event takes effect that gives a date alone
 */
public record DecoderSettings(@Nullable String defaultOrgId, ZoneId zone) {

  /** No default org, and days that end in UTC. */
  public static DecoderSettings defaults() {
    return new DecoderSettings(null, ZoneOffset.UTC);
  }

  /** The default org, as the API is asked for it. */
  @Nullable Identifier defaultOrg() {
    if (defaultOrgId == null) {
      return null;
    }
    RestId org = RestId.parseAnyForm(defaultOrgId, RestId.ORGANIZATION);
    return Identifier.of(org == null ? defaultOrgId : org.encoded());
  }
}
