package io.offboarder.cli;

import io.offboarder.cases.WaitingCase;
import io.offboarder.commands.CommandHistory;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.commands.Said;
import io.offboarder.commands.TwoPeople;
import io.offboarder.config.ApprovalConfig;
import io.offboarder.config.KafkaConfig;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who has already said something of cases, where two people have to. */
final class SecondPerson {
  private final ApprovalConfig approval;
  private final TwoPeople twoPeople;

  private SecondPerson(ApprovalConfig approval, TwoPeople twoPeople) {
    this.approval = approval;
    this.twoPeople = twoPeople;
  }

  /** What is known of that now; where one person's word is enough, asks nobody. */
  static SecondPerson read(KafkaConfig kafka, ApprovalConfig approval) {
    TwoPeople twoPeople = new TwoPeople(approval.expiresAfter());
    if (approval.twoPeople()) {
      twoPeople.heardAll(
          CommandHistory.read(SettingsMapper.kafka(kafka), kafka.commandTopic()).said());
    }
    return new SecondPerson(approval, twoPeople);
  }

  /** A line for each first word that waits for a second one. */
  List<String> waiting(Verb verb, List<WaitingCase> cases, Instant now) {
    Map<Said, Integer> first = new LinkedHashMap<>();
    for (WaitingCase one : cases) {
      Said said = twoPeople.waiting(verb, one.caseId(), now);
      if (said != null) {
        first.merge(said, 1, Integer::sum);
      }
    }
    return first.entrySet().stream()
        .map(
            one ->
                Figures.counted(one.getValue(), "case")
                    + " of them: "
                    + one.getKey().command().by()
                    + " has said so at "
                    + one.getKey().at()
                    + " ("
                    + one.getKey().command().reason()
                    + "), and waits for somebody else until "
                    + twoPeople.expiry(one.getKey()))
        .toList();
  }

  /** What the words of a person who says it now lead to. */
  String result(Verb verb, List<WaitingCase> cases, String by, Instant now) {
    String done = verb == Verb.RELEASE ? " will be done" : " will be discarded";
    if (!approval.twoPeople()) {
      return Figures.counted(cases.size(), "case") + done;
    }
    long second =
        cases.stream()
            .map(one -> twoPeople.waiting(verb, one.caseId(), now))
            .filter(said -> said != null && !TwoPeople.isSamePerson(said.command().by(), by))
            .count();
    long waits = cases.size() - second;
    return Figures.counted(second, "case")
        + done
        + (waits == 0
            ? ""
            : "; "
                + Figures.counted(waits, "case")
                + " once somebody else has said the same within "
                + Figures.time(approval.expiresAfter()));
  }
}
