package io.offboarder.cases;

import io.offboarder.event.EventType;
import io.offboarder.event.Identifier;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Rescinded;
import io.offboarder.event.Subject;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The event of a case, as far as others are about the same.
 *
 * @param id the event's own
 * @param source its sender
 * @param time when it happened: what it says, but not later than when it arrived
 * @param target the event that it takes back by name; null where it takes back none, or all about
 *     its subject
 * @param input where it was read
 */
public record CaseEvent(
    String caseId,
    EventType kind,
    Subject subject,
    @Nullable String id,
    @Nullable String source,
    Instant time,
    @Nullable Target target,
    Input input) {

  /**
   * Where an event was read.
   *
   * @param arrivedAt when it reached Kafka
   * @param index which of the record's events it is, from 0; {@link #ALONE} where it is the only
   *     one
   */
  public record Input(String topic, int partition, long offset, Instant arrivedAt, int index) {
    /** The index of an event that has a record of its own. */
    public static final int ALONE = -1;
  }

  /**
   * An event that is named by its id.
   *
   * @param source null for whichever has that id
   */
  public record Target(String eventId, @Nullable String source) {}

  /** The event of a record that is read. */
  public static CaseEvent of(String caseId, OffboardingEvent event, Input input) {
    Instant said = event.attributes().occurredAt();
    Instant arrived = input.arrivedAt();
    Target target =
        event instanceof Rescinded rescinded && rescinded.eventId() != null
            ? new Target(rescinded.eventId(), rescinded.eventSource())
            : null;
    return new CaseEvent(
        caseId,
        event.type(),
        event.subject(),
        event.attributes().id(),
        event.attributes().source(),
        said == null || said.isAfter(arrived) ? arrived : said,
        target,
        input);
  }

  /**
   * Whether this takes that event back: it is of the kind for that, names the event, its subject or
   * both, and, where it does not name the event itself, did not happen before it.
   */
  public boolean takesBack(CaseEvent other) {
    return names(other) && (target != null || !other.time.isAfter(time));
  }

  /** Whether this names that event or its subject, and yet does not take it back: it is older. */
  boolean comesTooEarlyFor(CaseEvent other) {
    return names(other) && !takesBack(other);
  }

  private boolean names(CaseEvent other) {
    if (kind.rescinds().filter(other.kind::equals).isEmpty()) {
      return false;
    }
    if (target != null && !isTarget(target, other)) {
      return false;
    }
    return subject.key() == null || isSameSubject(subject, other.subject);
  }

  private static boolean isTarget(Target target, CaseEvent other) {
    return target.eventId().equals(other.id)
        && (target.source() == null || target.source().equals(other.source));
  }

  /** Whether that event is about the same, and newer than this. */
  public boolean isOlderThan(CaseEvent other) {
    return kind == other.kind && isSameSubject(subject, other.subject) && isBefore(other);
  }

  /** By time; of the same time, by arrival, and then by where they were read. */
  private boolean isBefore(CaseEvent other) {
    int order = time.compareTo(other.time);
    return (order == 0 ? byInput().compare(input, other.input) : order) < 0;
  }

  private static Comparator<Input> byInput() {
    return Comparator.comparing(Input::arrivedAt)
        .thenComparing(Input::topic)
        .thenComparing(Input::partition)
        .thenComparing(Input::offset)
        .thenComparing(Input::index);
  }

  /** Ids decide where both have one: addresses change owners. */
  private static boolean isSameSubject(Subject one, Subject other) {
    if (one instanceof Person a && other instanceof Person b) {
      Identifier id = a.personId();
      Identifier otherId = b.personId();
      String email = a.personEmail();
      if (id != null && otherId != null) {
        return id.value().equals(otherId.value());
      }
      return email != null && email.equalsIgnoreCase(b.personEmail());
    }
    return one instanceof App a
        && other instanceof App b
        && a.clientId().equals(b.clientId())
        && (a.orgId() == null || b.orgId() == null || a.orgId().value().equals(b.orgId().value()));
  }

  /** What cases of the same subject or the same event have in common at least one of. */
  List<String> keys() {
    List<String> keys = new ArrayList<>(3);
    if (subject instanceof Person person) {
      if (person.personId() != null) {
        keys.add("id " + person.personId().value());
      }
      if (person.personEmail() != null) {
        keys.add("address " + person.personEmail().toLowerCase(Locale.ROOT));
      }
    } else if (subject instanceof App app) {
      keys.add("app " + app.clientId());
    }
    String named = target != null ? target.eventId() : id;
    if (named != null) {
      keys.add("event " + named);
    }
    return keys;
  }
}
