package io.offboarder.webex;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One authorization as the list operation reports it. The API documents every member as an optional
 * string, so only {@code id} is certain here; an item without an id cannot be acted on.
 *
 * @param id opaque; what deleting by id takes
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
    @Nullable Instant created) {}
