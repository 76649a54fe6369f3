package io.offboarder.service;

import io.offboarder.event.AppDecommissioned;
import io.offboarder.event.Execution;
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
 * @param mode whether this service acts on any event
 */
record Safeguards(
    AuthorizationsClient client, Supplier<ProtectedList> protectedList, Execution mode) {

  /**
   * What this event must leave alone. Before an app is deleted, the credentials are read for which
   * app is our own. A person is listed first, after which that is known. Fails where they cannot be
   * read.
   */
  Future<Untouched> of(OffboardingEvent event) {
    Execution execution = mode == Execution.DRY_RUN ? mode : event.execution();
    return event instanceof AppDecommissioned
        ? client.ownClientId().map(own -> new Untouched(protectedList, () -> own, execution))
        : Future.succeededFuture(new Untouched(protectedList, client::knownClientId, execution));
  }
}
