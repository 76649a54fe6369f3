package io.offboarder.service;

import io.offboarder.event.AppDecommissioned;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.protection.ProtectedList;
import io.offboarder.protection.Untouched;
import io.offboarder.webex.AuthorizationsClient;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Who and what each event must leave alone. For the service's event loop.
 *
 * @param protectedList the list in force
 */
record Safeguards(AuthorizationsClient client, Supplier<ProtectedList> protectedList) {

  /**
   * What this event must leave alone. Before an app is deleted, the credentials are read for which
   * app is our own. A person is listed first, after which that is known. Fails where they cannot be
   * read.
   */
  Future<Untouched> of(OffboardingEvent event) {
    return event instanceof AppDecommissioned
        ? client.ownClientId().map(own -> new Untouched(protectedList, () -> own))
        : Future.succeededFuture(new Untouched(protectedList, client::knownClientId));
  }
}
