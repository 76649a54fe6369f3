package io.offboarder.webex.gate;

import io.offboarder.webex.http.Operation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a 403 is about one person or about us. The API says the same for a person out of our
 * reach and for a token without scope or role, so only the others tell:
 *
 * <ul>
 *   <li>the same operation was lately allowed for somebody else: it is this caller's;
 *   <li>three different callers in a row were forbidden it and nobody was allowed it: it is ours;
 *   <li>too few to tell: the request is made again a little later, three times in all, while others
 *       may come; a lone 403 that stays one is that caller's.
 * </ul>
 */
final class ForbiddenClassifier {

  private static final int CALLERS_MAKE_EVERYBODY = 3;
  private static final int TIMES_TO_ASK = 3;
  private static final Duration LATELY = Duration.ofMinutes(1);

  /** Whose a 403 is. */
  enum Scope {
    /** Final for this caller. */
    THIS_CALLER,
    /** Not known yet. */
    ASK_AGAIN,
    /** Our own fault. */
    EVERYBODY
  }

  private record Allowed(String callerId, long nanos) {}

  private final Map<Operation, Set<String>> forbidden = new EnumMap<>(Operation.class);

  /** The last two callers that were allowed; whichever caller asks, one of them is another. */
  private final Map<Operation, Map<Integer, Allowed>> allowed = new EnumMap<>(Operation.class);

  private @Nullable Operation everybody;

  void allowed(Operation operation, RequestContext caller, long now) {
    forbidden.remove(operation);
    Map<Integer, Allowed> last = allowed.computeIfAbsent(operation, any -> new HashMap<>());
    Allowed latest = last.get(0);
    if (latest != null && !latest.callerId().equals(caller.id())) {
      last.put(1, latest);
    }
    last.put(0, new Allowed(caller.id(), now));
  }

  Scope classify(PendingRequest<?> pending, long now) {
    Operation operation = pending.request.operation();
    if (wasAllowedToAnother(operation, pending.caller, now)) {
      return Scope.THIS_CALLER;
    }
    Set<String> callers = forbidden.computeIfAbsent(operation, any -> new HashSet<>());
    if (callers.size() < CALLERS_MAKE_EVERYBODY) {
      callers.add(pending.caller.id());
    }
    if (callers.size() >= CALLERS_MAKE_EVERYBODY) {
      everybody = operation;
      return Scope.EVERYBODY;
    }
    pending.timesForbidden++;
    return pending.timesForbidden >= TIMES_TO_ASK ? Scope.THIS_CALLER : Scope.ASK_AGAIN;
  }

  /** Whether an operation that is allowed now is the one that was forbidden to everybody. */
  boolean isLifted(Operation operation) {
    return operation == everybody;
  }

  private boolean wasAllowedToAnother(Operation operation, RequestContext caller, long now) {
    for (Allowed one : allowed.getOrDefault(operation, Map.of()).values()) {
      if (!one.callerId().equals(caller.id()) && now - one.nanos() <= LATELY.toNanos()) {
        return true;
      }
    }
    return false;
  }
}
