package io.offboarder.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.event.DecodeError;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.Decoded;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.Quoted;
import io.offboarder.event.Subject;
import io.offboarder.event.TraceContext;
import io.offboarder.intake.Evaluation.Missed;
import io.offboarder.intake.EventMapping.Mapped;
import io.offboarder.intake.Reading.Case;
import io.offboarder.intake.Reading.Ignored;
import io.offboarder.intake.Reading.Item;
import io.offboarder.intake.Reading.Matched;
import io.offboarder.intake.Reading.Unmatched;
import io.offboarder.intake.Rule.Batch;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Reads records by the configured rules: the first rule that a record is for says what it is. Never
 * throws for what it reads, and what it may cost is bounded. May be called from any thread.
 */
public final class Intake {
  /** The most events that are read from one record. */
  static final int MOST_EVENTS = 1000;

  private final List<Rule> rules;
  private final EventDecoder decoder;
  private final ZoneId zone;

  /**
   * An intake.
   *
   * @param decoder of the events that rules make
   * @param zone of dates, where a rule names none
   */
  public Intake(IntakeRules rules, EventDecoder decoder, ZoneId zone) {
    this.rules = rules.rules();
    this.decoder = decoder;
    this.zone = zone;
  }

  /** Whether there are no rules at all. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Reads a record. */
  public Reading read(InputRecord record) {
    List<Rule> candidates = rules.stream().filter(rule -> rule.isFor(record.topic())).toList();
    if (candidates.isEmpty()) {
      return new Unmatched(List.of());
    }
    Evaluation evaluation;
    try {
      evaluation = new Evaluation(RecordInput.of(record), Budget.cpuTime());
    } catch (MappingException notJson) {
      return new Unmatched(names(candidates));
    }
    return new RecordReading(record, evaluation).read(candidates);
  }

  private static List<String> names(List<Rule> rules) {
    return rules.stream().map(Rule::name).toList();
  }

  /** The reading of one record. */
  private final class RecordReading {
    private final InputRecord record;
    private final Evaluation evaluation;

    RecordReading(InputRecord record, Evaluation evaluation) {
      this.record = record;
      this.evaluation = evaluation;
    }

    Reading read(List<Rule> candidates) {
      for (Rule rule : candidates) {
        try {
          if (rule.matches(evaluation)) {
            return matched(rule);
          }
        } catch (MappingException e) {
          return new Matched(rule.name(), List.of(rejected(rule, Case.ALONE, e.error())));
        }
      }
      return new Unmatched(names(candidates));
    }

    private Matched matched(Rule rule) throws MappingException {
      return new Matched(
          rule.name(),
          rule.making() instanceof Batch batch
              ? items(rule, batch)
              : List.of(item(rule, Case.ALONE)));
    }

    private List<Item> items(Rule rule, Batch batch) throws MappingException {
      Object events = batch.events().evaluate(evaluation);
      List<?> found =
          events == null ? List.of() : events instanceof List<?> list ? list : List.of(events);
      if (found.size() > MOST_EVENTS) {
        throw new MappingException(
            Code.TOO_MANY_EVENTS,
            batch.events().field(),
            "were " + found.size(),
            "at most " + MOST_EVENTS + " in one record");
      }
      List<Item> items = new ArrayList<>();
      for (int i = 0; i < found.size(); i++) {
        evaluation.focus(found.get(i));
        items.add(itemOf(rule, batch.rules(), i));
      }
      return items;
    }

    private Item itemOf(Rule batch, List<Rule> rules, int index) {
      for (Rule rule : rules) {
        try {
          if (rule.matches(evaluation)) {
            return item(rule, index);
          }
        } catch (MappingException e) {
          return rejected(rule, index, e.error());
        }
      }
      return rejected(
          batch,
          index,
          DecodeError.of(
              Code.UNKNOWN_TYPE,
              batch.name() + ": rules",
              "matched none of its items of this kind",
              "one of " + String.join(", ", names(rules))));
    }

    private Item item(Rule rule, int index) {
      return rule.making() instanceof EventMapping mapping
          ? mapped(rule, mapping, index)
          : new Ignored(rule.name());
    }

    private Case mapped(Rule rule, EventMapping mapping, int index) {
      Mapped mapped =
          mapping.map(
              evaluation,
              record.topic()
                  + "-"
                  + record.partition()
                  + "-"
                  + record.offset()
                  + (index == Case.ALONE ? "" : "-" + index),
              record.timestamp() < 0 ? null : Instant.ofEpochMilli(record.timestamp()).toString(),
              zone);
      String json = mapped.event().toString();
      Decoded decoded =
          decoder.decode(
              traceHeaders(record.headers()),
              json.getBytes(UTF_8),
              "mapped by the intake rule " + rule.name());
      if (mapped.error() != null) {
        decoded = withError(decoded, withMissed(mapped.error()));
      } else if (decoded instanceof Rejected rejected) {
        decoded = withError(decoded, withMissed(inRule(rule, mapping, rejected.error())));
      }
      return new Case(rule.name(), index, decoded, json, mapped.isImmediate());
    }

    /** Says which row was not in its table, where that may be why something is missing. */
    private DecodeError withMissed(DecodeError error) {
      Missed missed = evaluation.missed();
      if (missed == null || error.code() != Code.MISSING_MEMBER) {
        return error;
      }
      String words = "; the table " + missed.table() + " has no row for ";
      Quoted key = new Quoted(missed.key());
      return error.and(words + key.shown(), words + key.hidden());
    }

    private Case rejected(Rule rule, int index, DecodeError error) {
      Rejected rejected =
          new Rejected(
              EventAttributes.UNKNOWN,
              Subject.UNKNOWN,
              error,
              List.of("looked at by the intake rule " + rule.name()));
      return new Case(rule.name(), index, rejected, "", false);
    }
  }

  /** Keeps what could be read of whom the event is about. */
  private static Rejected withError(Decoded decoded, DecodeError error) {
    if (decoded instanceof Understood understood) {
      return new Rejected(
          understood.event().attributes(),
          understood.event().subject(),
          error,
          understood.event().notes());
    }
    Rejected rejected = (Rejected) decoded;
    return new Rejected(rejected.attributes(), rejected.subject(), error, rejected.notes());
  }

  /** The same fault where the rule says what the event's member is. */
  private static DecodeError inRule(Rule rule, EventMapping mapping, DecodeError error) {
    String member = error.field();
    String name = member.startsWith("data.") ? member.substring("data.".length()) : member;
    String place =
        switch (name) {
          case "effectiveAt" -> "effective";
          case "id", "time", "source", "reason" -> name;
          case "type" -> "action";
          default -> mapping.subject().containsKey(name) ? "subject." + name : "subject";
        };
    return error.code() == Code.MISSING_MEMBER && place.startsWith("subject")
        ? DecodeError.of(
            Code.MISSING_MEMBER,
            rule.name() + ": subject",
            "yielded nothing (of " + String.join(", ", mapping.subject().keySet()) + ")",
            "what an event of the type " + mapping.action().eventType() + " needs")
        : error.at(rule.name() + ": " + place);
  }

  private static Headers traceHeaders(Headers headers) {
    Headers trace = new RecordHeaders();
    for (String name : List.of(TraceContext.TRACEPARENT, TraceContext.TRACESTATE)) {
      Header header = headers.lastHeader(name);
      if (header != null) {
        trace.add(header);
      }
    }
    return trace;
  }
}
