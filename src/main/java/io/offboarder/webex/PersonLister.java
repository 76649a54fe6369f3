package io.offboarder.webex;

import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.gate.Answer.CallSummary;
import io.offboarder.webex.gate.Answer.Done;
import io.offboarder.webex.gate.Answer.Refusal;
import io.offboarder.webex.gate.Answer.Refused;
import io.offboarder.webex.gate.RequestContext;
import io.offboarder.webex.gate.RequestGate;
import io.offboarder.webex.http.ApiRequest;
import io.vertx.core.Future;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Lists a person's authorizations, page by page where the API has more than one, up to a number of
 * them. Confined to the gate's thread.
 */
final class PersonLister {

  private final RequestGate gate;
  private final ListParser parser;
  private final int maxItems;

  PersonLister(RequestGate gate, URI baseUrl, int maxItems) {
    this.gate = gate;
    this.parser = new ListParser(baseUrl);
    this.maxItems = maxItems;
  }

  Future<Answer<List<Authorization>>> list(
      RequestContext caller, ApiRequest request, IntPredicate mayHold) {
    return new Listing(caller, request, mayHold).page(request);
  }

  /** One list under way. */
  private final class Listing {
    private final RequestContext caller;
    private final ApiRequest first;
    private final IntPredicate mayHold;
    private final List<Authorization> listed = new ArrayList<>();
    private final Set<String> asked = new HashSet<>();
    private int attempts;
    private int throttled;

    Listing(RequestContext caller, ApiRequest first, IntPredicate mayHold) {
      this.caller = caller;
      this.first = first;
      this.mayHold = mayHold;
    }

    Future<Answer<List<Authorization>>> page(ApiRequest request) {
      asked.add(request.path());
      int before = listed.size();
      IntPredicate mayRead = count -> before + count <= maxItems && mayHold.test(before + count);
      return gate.submit(caller, request.readBy(() -> new ListReader(mayRead)), parser)
          .compose(this::answered);
    }

    private Future<Answer<List<Authorization>>> answered(Answer<ListParser.Page> answer) {
      attempts += answer.call().attempts();
      throttled += answer.call().throttled();
      CallSummary last = answer.call();
      CallSummary call =
          new CallSummary(last.status(), last.trackingId(), attempts, throttled, last.at());
      if (answer instanceof Refused<ListParser.Page> refused) {
        return Future.succeededFuture(new Refused<>(refused.refusal(), call));
      }
      ListParser.Page page = ((Done<ListParser.Page>) answer).value();
      listed.addAll(page.items());
      String next = page.next();
      if (next != null && listed.size() < maxItems) {
        return asked.contains(next)
            ? refused("unexpected_answer", "the pages of the list lead in a circle", call)
            : page(AuthorizationRequests.list(first, next));
      }
      if (listed.isEmpty() && page.notFound().contains(String.valueOf(first.person()))) {
        return refused("not_found", "the API lists this person among its \"notFoundIds\"", call);
      }
      return Future.succeededFuture(new Done<>(List.copyOf(listed), call));
    }

    private Future<Answer<List<Authorization>>> refused(
        String code, String message, CallSummary call) {
      Refusal refusal = new Refusal(call.status(), code, message, null);
      return Future.succeededFuture(new Refused<>(refusal, call));
    }
  }
}
