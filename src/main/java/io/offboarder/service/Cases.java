package io.offboarder.service;

import io.offboarder.cases.CaseChange;
import io.offboarder.cases.CaseState;
import io.offboarder.cases.CaseTable;
import io.offboarder.cases.CaseTail;
import io.offboarder.cases.PersonsWord;
import io.offboarder.cases.WaitingCase;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.service.DueCases.Overdue;
import io.offboarder.stream.LateWork;
import io.offboarder.stream.LateWorkSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All that waits, as this instance knows it: the table, what keeps it up to date, and whose turn it
 * is. Confined to the event loop.
 */
final class Cases {
  private final CaseTable table = new CaseTable(CaseRecords.LARGEST_KEPT);
  private final Promise<Void> known = Promise.promise();
  private final Executor loop;
  private final Clock clock;
  private final ServiceListener listener;
  private final CaseOffers offers;
  private @Nullable CaseTail tail;
  private @Nullable DueCases due;
  private volatile CaseStatus status = CaseStatus.NONE;

  Cases(Executor loop, Clock clock, ServiceListener listener) {
    this.loop = loop;
    this.clock = clock;
    this.listener = listener;
    this.offers = new CaseOffers(loop);
  }

  /** What waits. */
  CaseTable table() {
    return table;
  }

  /** Completes when the table has all that lay on its topic when the service started. */
  Future<Void> known() {
    return known.future();
  }

  /** Where the engine gets late work from. */
  LateWorkSource source() {
    return offers;
  }

  /**
   * Begins to follow the topic.
   *
   * @param work what a case asks for
   */
  void follow(KafkaSettings kafka, String topic, Function<WaitingCase, LateWork> work) {
    CaseTail following = new CaseTail(kafka, topic, loop, this::changed);
    DueCases turns =
        new DueCases(
            table, offers, following::whenCaughtUp, work, listener::beganAfterItsTime, clock);
    tail = following;
    due = turns;
    offers.tell(turns, following::isHidden);
    following.whenCaughtUp(known::tryComplete);
  }

  private void changed(List<CaseChange> changes) {
    Set<String> touched = new LinkedHashSet<>();
    changes.forEach(change -> touched.addAll(change.applyTo(table)));
    if (due != null) {
      due.changed(touched);
    }
  }

  /** A person says what becomes of cases that are held. */
  void say(List<String> caseIds, PersonsWord word) {
    Set<String> touched = new LinkedHashSet<>();
    caseIds.forEach(caseId -> touched.addAll(table.say(caseId, word)));
    CaseTail following = tail;
    if (following != null) {
      following.whenCaughtUp(() -> table.forgetIdleWords(caseIds));
    }
    if (due != null) {
      due.changed(touched);
    }
  }

  /** Work on a case has begun. */
  void begun(String caseId) {
    if (due != null) {
      due.begun(caseId);
    }
  }

  /** Time has passed; to be called many times a second. */
  void tick() {
    if (due != null) {
      due.tick();
    }
  }

  /**
   * Looks how all of it stands; takes a moment.
   *
   * @param topics that events are read from
   */
  void look(Collection<String> topics) {
    DueCases turns = due;
    CaseTail following = tail;
    if (turns != null && following != null) {
      long withoutOwner =
          table.all().stream()
              .filter(one -> one.state() != CaseState.RESCIND_KEPT)
              .filter(one -> !topics.contains(one.event().input().topic()))
              .count();
      Overdue overdue = turns.overdue();
      Duration behind = Duration.between(following.currentAt(), Instant.now());
      status =
          new CaseStatus(
              table.counts(),
              overdue.cases(),
              overdue.longest(),
              Math.toIntExact(withoutOwner),
              held(),
              following.unreadable(),
              behind.isNegative() ? Duration.ZERO : behind);
    }
  }

  private Duration held() {
    Instant now = clock.instant();
    return table.all().stream()
        .filter(one -> one.state() == CaseState.HELD)
        .map(one -> Duration.between(one.since(), now))
        .max(Comparator.naturalOrder())
        .filter(time -> !time.isNegative())
        .orElse(Duration.ZERO);
  }

  /** How it stood at the last look. From any thread. */
  CaseStatus status() {
    return status;
  }

  void stop() {
    if (tail != null) {
      tail.close();
    }
  }
}
