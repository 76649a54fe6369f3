package io.offboarder.webex;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One authorization as the list operation reports it. The API documents every member as an optional
 * string, so any of them may be missing.
 *
 * @param id opaque; what deleting by id takes. Empty where the API sent an item without one: such
 *     an authorization is live, so it is listed, but nothing can delete it
 * @param type {@link AuthorizationType#UNKNOWN} where the API's word is missing or new
 * @param created null where missing or in a form that is not a date
 */
public record Authorization(
    String id,
    AuthorizationType type,
    @Nullable String personId,
    @Nullable String clientId,
    @Nullable String applicationId,
    @Nullable String applicationName,
    @Nullable Instant created) {

  /**
   * Whether {@link AuthorizationsClient#delete} takes this id. Where it does not (blank, or not
   * expressible as one segment of a path) no caller can end the authorization, and a list that
   * holds it must not be reported as cleared.
   */
  public boolean hasUsableId() {
    return Identifiers.isPathSegment(id);
  }
}
