package io.offboarder.revocation;

import io.offboarder.protection.Protection;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Revocation;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.gate.Answer.CallSummary;
import io.offboarder.webex.gate.Answer.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a person's authorizations while they are revoked: all that were ever listed,
 * what became of each, and which are live by the last list. An authorization is in here before its
 * delete is sent, and never leaves. Confined to the flow's event loop.
 */
final class AuthorizationTracker {
  private final Map<String, TrackedAuthorization> byId = new LinkedHashMap<>();
  private final Map<Authorization, List<TrackedAuthorization>> withoutId = new LinkedHashMap<>();

  private final RefreshCascade cascade = new RefreshCascade();
  private final OwnershipCheck persons;
  private List<TrackedAuthorization> live = List.of();

  /** How many of these are left alone. */
  private int spared;

  AuthorizationTracker(OwnershipCheck persons) {
    this.persons = persons;
  }

  /** What the end of a revocation rests on. */
  enum Evidence {
    /** The last list came after the last delete: what is still on it did not go. */
    LAST_LIST,
    /** No list came after the last delete. */
    NONE
  }

  /** How many it knows that have an id of their own. */
  int size() {
    return byId.size();
  }

  /** How many it holds in all. */
  int held() {
    int held = byId.size();
    for (List<TrackedAuthorization> alike : withoutId.values()) {
      held += alike.size();
    }
    return held;
  }

  /** An earlier attempt was about to delete one, and may have. */
  void inherited(Authorization authorization, String notedTrackingId) {
    TrackedAuthorization tracked =
        byId.computeIfAbsent(authorization.id(), id -> new TrackedAuthorization(authorization));
    tracked.notedTrackingId = notedTrackingId;
    tracked.trackingId = notedTrackingId;
  }

  /**
   * Takes in a list: what is on it is live, what was and is not any more is gone.
   *
   * @param sparing what of it is left alone
   */
  void listed(List<Authorization> authorizations, Sparing sparing, Instant at) {
    persons.listed(authorizations);
    Map<Authorization, Integer> unusable = new HashMap<>();
    Set<TrackedAuthorization> listed = new LinkedHashSet<>();
    int left = 0;
    for (Authorization authorization : authorizations) {
      TrackedAuthorization tracked =
          authorization.hasUsableId()
              ? byId.computeIfAbsent(
                  authorization.id(), id -> new TrackedAuthorization(authorization))
              : withoutId(authorization, unusable.merge(authorization, 1, Integer::sum));
      tracked.authorization = authorization;
      String objection = objection(authorization);
      Protection protection = sparing.reason(authorization);
      if (persons.objection(authorization) == null && protection != null) {
        tracked.spare(protection, at);
      } else if (objection != null && !tracked.refusedForGood) {
        tracked.refuse(objection, at);
      } else if (!tracked.refusedForGood && !tracked.answeredGone) {
        tracked.result = null;
      }
      if (listed.add(tracked) && tracked.isSpared()) {
        left++;
      }
    }
    for (TrackedAuthorization tracked : everything()) {
      if (!listed.contains(tracked)) {
        vanished(tracked, at);
      }
    }
    live = List.copyOf(listed);
    spared = left;
  }

  /** The nth that looks like this: without an id there is no other way to tell two apart. */
  private TrackedAuthorization withoutId(Authorization authorization, int nth) {
    List<TrackedAuthorization> alike =
        withoutId.computeIfAbsent(authorization, first -> new ArrayList<>());
    if (alike.size() < nth) {
      alike.add(new TrackedAuthorization(authorization));
    }
    return alike.get(nth - 1);
  }

  private Collection<TrackedAuthorization> everything() {
    if (withoutId.isEmpty()) {
      return byId.values();
    }
    List<TrackedAuthorization> all = new ArrayList<>(byId.values());
    withoutId.values().forEach(all::addAll);
    return all;
  }

  private @Nullable String objection(Authorization authorization) {
    if (!authorization.hasUsableId()) {
      return "the API listed it without a usable id, so nothing can delete it";
    }
    return persons.objection(authorization);
  }

  private void vanished(TrackedAuthorization tracked, Instant at) {
    if (tracked.isGone()) {
      return; // What it went with was said when it went.
    }
    TrackedAuthorization refresh = cascade.of(tracked.authorization);
    if (tracked.result == null && refresh != null) {
      tracked.result = Result.REVOKED_WITH_REFRESH;
      tracked.trackingId = refresh.trackingId;
    } else {
      wentUnseen(tracked);
    }
    tracked.problem = null;
    tracked.at = at;
  }

  /** It is not there any more, and no answer says what it went with. */
  private static void wentUnseen(TrackedAuthorization tracked) {
    if (tracked.notedTrackingId == null) {
      tracked.result = Result.ALREADY_GONE;
    } else {
      tracked.result = Result.GONE;
      tracked.trackingId = tracked.notedTrackingId;
    }
  }

  /**
   * What to delete next: the refresh authorizations, which take their access authorizations along,
   * and those that no refresh authorization will take along. Nothing that the API has called gone,
   * nor what goes with it, though a list may lag behind and still show it.
   */
  List<Authorization> toDelete() {
    return RefreshCascade.leastDeletes(
        live.stream().filter(one -> !one.refusedForGood && !one.isSpared()).toList());
  }

  /**
   * What is listed now and goes with these, because a refresh authorization takes the access
   * authorizations of its app along: by the first of these that takes it.
   */
  Map<Authorization, List<Authorization>> takenAlongBy(List<Authorization> deleted) {
    return RefreshCascade.takenAlong(deleted, stillListed());
  }

  /** Everything live that was not refused for good, also where a delete was answered as done. */
  List<Authorization> stillListed() {
    List<Authorization> still = new ArrayList<>(live.size());
    for (TrackedAuthorization tracked : live) {
      if (!tracked.refusedForGood && !tracked.isSpared()) {
        still.add(tracked.authorization);
      }
    }
    return still;
  }

  /**
   * The API deleted one, or says it is not there. What it says is only believed once it is off the
   * list.
   */
  void deleted(Authorization authorization, Result result, CallSummary call) {
    TrackedAuthorization tracked = finding(authorization);
    tracked.attempts += call.attempts();
    // Cisco's audit log knows the exchange that ended with 204, not that of a second delete.
    if (!tracked.answeredGone || result == Result.REVOKED) {
      tracked.exchanged(call);
      tracked.answeredGone = true;
      if (result == Result.REVOKED) {
        tracked.result = result;
      } else {
        wentUnseen(tracked);
      }
      cascade.deleted(authorization, tracked);
    }
  }

  /** The API will not delete one. */
  void refused(Authorization authorization, Refusal refusal, CallSummary call) {
    TrackedAuthorization tracked = finding(authorization);
    tracked.attempts += call.attempts();
    if (tracked.answeredGone) {
      return; // The API has said that it is gone; the list will tell.
    }
    tracked.exchanged(call);
    tracked.refuse(refusal.code() + ": " + refusal.message(), call.at());
  }

  private TrackedAuthorization finding(Authorization authorization) {
    return Objects.requireNonNull(byId.get(authorization.id()));
  }

  /** Says of all that would be deleted, or go with what is, that it would; for a dry run. */
  void wouldBeRevoked() {
    for (TrackedAuthorization tracked : live) {
      if (tracked.result == null) {
        tracked.result = Result.WOULD_BE_REVOKED;
      }
    }
  }

  /** How many were live by the last list, but for what is spared. */
  int live() {
    return live.size() - spared;
  }

  /** How many of what was live by the last list are spared. */
  int spared() {
    return spared;
  }

  /** Whether the API has deleted all that was ever listed, by itself or with what took it along. */
  boolean isAllDeleted() {
    return everything().stream()
        .noneMatch(
            tracked ->
                tracked.refusedForGood
                    || !(tracked.answeredGone
                        || tracked.isGone()
                        || tracked.isSpared()
                        || cascade.of(tracked.authorization) != null));
  }

  /** Whether nothing was ever listed but what is spared. */
  boolean isNothingToRevoke() {
    for (TrackedAuthorization tracked : everything()) {
      if (!tracked.isSpared()) {
        return false;
      }
    }
    return true;
  }

  /** Whether anything was deleted, or went. */
  boolean anyGone(Evidence evidence) {
    Set<TrackedAuthorization> stillThere = stillThere(evidence);
    for (TrackedAuthorization tracked : everything()) {
      if (tracked.isGone() && !stillThere.contains(tracked)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What became of each. What is still on the last list failed, even if its delete was answered
   * with 204.
   */
  List<Revocation> results(Evidence evidence, Instant at) {
    Set<TrackedAuthorization> stillThere = stillThere(evidence);
    List<Revocation> results = new ArrayList<>();
    for (TrackedAuthorization tracked : everything()) {
      results.add(result(tracked, stillThere.contains(tracked), at));
    }
    return results;
  }

  private Set<TrackedAuthorization> stillThere(Evidence evidence) {
    return evidence == Evidence.LAST_LIST ? Set.copyOf(live) : Set.of();
  }

  private static String unanswered(TrackedAuthorization tracked) {
    return tracked.notedTrackingId == null
        ? "it was not deleted"
        : "an earlier attempt was to delete it, and no list says whether it is gone";
  }

  private static Revocation result(TrackedAuthorization tracked, boolean stillThere, Instant at) {
    Result result = tracked.result;
    String problem = tracked.problem;
    if (result == null || (stillThere && tracked.isGone())) {
      result = Result.FAILED;
      problem = stillThere ? "it was still listed at the end" : unanswered(tracked);
    }
    return new Revocation(
        tracked.authorization,
        result,
        tracked.httpStatus,
        tracked.trackingId,
        tracked.attempts,
        tracked.at == null ? at : tracked.at,
        problem);
  }
}
