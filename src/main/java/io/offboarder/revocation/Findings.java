package io.offboarder.revocation;

import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Revocation;
import io.offboarder.webex.Answer.Exchange;
import io.offboarder.webex.Answer.Refusal;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a person's authorizations while they are revoked: all that were ever listed,
 * what became of each, and which are live by the last list. An authorization is in here before its
 * delete is sent. Confined to the flow's event loop.
 */
final class Findings {
  private final Map<String, Finding> byId = new LinkedHashMap<>();
  private final List<Finding> withoutId = new ArrayList<>();
  private final PersonCheck persons;
  private List<Finding> live = List.of();

  Findings(PersonCheck persons) {
    this.persons = persons;
  }

  private static final class Finding {
    final Authorization authorization;
    @Nullable Result result;
    boolean refusedForGood;
    int httpStatus;
    @Nullable String trackingId;
    int attempts;
    @Nullable Instant at;
    @Nullable String problem;

    Finding(Authorization authorization) {
      this.authorization = authorization;
    }

    void refuse(String why, Instant when) {
      result = Result.FAILED;
      refusedForGood = true;
      problem = why;
      at = when;
    }
  }

  /** Takes in a list: what is on it is live, what was and is not any more is gone. */
  void listed(List<Authorization> authorizations, Instant at) {
    persons.listed(authorizations);
    withoutId.clear();
    List<Finding> listed = new ArrayList<>();
    for (Authorization authorization : authorizations) {
      Finding finding =
          authorization.hasUsableId()
              ? byId.computeIfAbsent(authorization.id(), id -> new Finding(authorization))
              : unusable(authorization);
      if (finding.result == null || !finding.refusedForGood) {
        String objection = objection(authorization);
        if (objection == null) {
          finding.result = null;
        } else {
          finding.refuse(objection, at);
        }
      }
      listed.add(finding);
    }
    Set<Finding> stillThere = Set.copyOf(listed);
    byId.values().stream()
        .filter(finding -> !stillThere.contains(finding))
        .forEach(finding -> vanished(finding, at));
    live = listed;
  }

  private Finding unusable(Authorization authorization) {
    Finding finding = new Finding(authorization);
    withoutId.add(finding);
    return finding;
  }

  private @Nullable String objection(Authorization authorization) {
    if (!authorization.hasUsableId()) {
      return "the API listed it without a usable id, so nothing can delete it";
    }
    return persons.isAnothers(authorization)
        ? "the API listed it for a person whom the event does not name, so it was left alone"
        : null;
  }

  private void vanished(Finding finding, Instant at) {
    if (finding.result == Result.REVOKED || finding.result == Result.ALREADY_GONE) {
      return;
    }
    Finding refresh = deletedRefreshOf(finding.authorization);
    boolean cascade = finding.result == null && refresh != null;
    finding.result = cascade ? Result.REVOKED_WITH_REFRESH : Result.ALREADY_GONE;
    finding.trackingId = cascade ? refresh.trackingId : finding.trackingId;
    finding.problem = null;
    finding.at = at;
  }

  private @Nullable Finding deletedRefreshOf(Authorization authorization) {
    if (authorization.type() == AuthorizationType.REFRESH || authorization.clientId() == null) {
      return null;
    }
    return byId.values().stream()
        .filter(other -> other.authorization.type() == AuthorizationType.REFRESH)
        .filter(other -> other.result == Result.REVOKED || other.result == Result.ALREADY_GONE)
        .filter(other -> Objects.equals(other.authorization.clientId(), authorization.clientId()))
        .findFirst()
        .orElse(null);
  }

  /**
   * What to delete next: the refresh authorizations, which take their access authorizations along,
   * and whatever no refresh authorization will take along.
   */
  List<Authorization> toDelete() {
    List<Authorization> open =
        live.stream()
            .filter(finding -> !finding.refusedForGood)
            .map(finding -> finding.authorization)
            .toList();
    boolean anyRefresh = open.stream().anyMatch(Findings::isRefresh);
    Set<String> refreshed =
        open.stream()
            .filter(Findings::isRefresh)
            .map(Authorization::clientId)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    return open.stream()
        .filter(
            authorization ->
                isRefresh(authorization)
                    || (authorization.clientId() == null
                        ? !anyRefresh
                        : !refreshed.contains(authorization.clientId())))
        .toList();
  }

  private static boolean isRefresh(Authorization authorization) {
    return authorization.type() == AuthorizationType.REFRESH;
  }

  /**
   * The API deleted one, or says it is not there. What it says is only believed once it is off the
   * list.
   */
  void deleted(Authorization authorization, Result result, Exchange exchange) {
    Finding finding = exchanged(authorization, exchange);
    finding.result = result;
    finding.problem = null;
  }

  /** The API will not delete one. */
  void refused(Authorization authorization, Refusal refusal, Exchange exchange) {
    exchanged(authorization, exchange)
        .refuse(refusal.code() + ": " + refusal.message(), exchange.at());
  }

  private Finding exchanged(Authorization authorization, Exchange exchange) {
    Finding finding = Objects.requireNonNull(byId.get(authorization.id()));
    finding.httpStatus = exchange.httpStatus();
    finding.trackingId = exchange.trackingId();
    finding.attempts += exchange.attempts();
    finding.at = exchange.at();
    return finding;
  }

  /** How many were live by the last list. */
  int live() {
    return live.size();
  }

  /** Whether anything was ever listed. */
  boolean isEmpty() {
    return byId.isEmpty() && withoutId.isEmpty();
  }

  /** Whether anything was deleted, or went. */
  boolean anyGone() {
    return byId.values().stream()
        .anyMatch(finding -> finding.result != null && finding.result != Result.FAILED);
  }

  /**
   * What became of each. What is still on the last list failed, whatever the delete was answered.
   *
   * @param proven whether the last list came after the last delete
   */
  List<Revocation> results(boolean proven, Instant at) {
    Set<Finding> stillThere = proven ? Set.copyOf(live) : Set.of();
    List<Finding> all = new ArrayList<>(byId.values());
    all.addAll(withoutId);
    return all.stream().map(finding -> result(finding, stillThere.contains(finding), at)).toList();
  }

  private static Revocation result(Finding finding, boolean stillThere, Instant at) {
    Result result = finding.result;
    String problem = finding.problem;
    if (result == null || (stillThere && result != Result.FAILED)) {
      result = Result.FAILED;
      problem = stillThere ? "it was still listed at the end" : "it was not deleted";
    }
    return new Revocation(
        finding.authorization,
        result,
        finding.httpStatus,
        finding.trackingId,
        finding.attempts,
        finding.at == null ? at : finding.at,
        problem);
  }
}
