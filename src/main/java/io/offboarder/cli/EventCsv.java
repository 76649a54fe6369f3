package io.offboarder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.offboarder.event.EventType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Events in a table: a header with the names of the events' members, and an event in each row. What
 * a row leaves empty its event does not say; without an id it gets a random one, and without a type
 * it is known by whom it names.
 */
final class EventCsv {
  private static final List<String> DATA =
      List.of(
          "personId",
          "personEmail",
          "clientId",
          "applicationName",
          "orgId",
          "reason",
          "effectiveAt",
          "dryRun");
  private static final List<String> ATTRIBUTES = List.of("type", "id", "source", "time");
  private static final int SHOWN_FAULTS = 20;

  private final String name;
  private final Clock clock;
  private final Function<OutgoingEvent, Optional<String>> faultOf;

  /**
   * A reader.
   *
   * @param name what the table is called in messages
   * @param faultOf what is wrong with an event, if anything
   */
  EventCsv(String name, Clock clock, Function<OutgoingEvent, Optional<String>> faultOf) {
    this.name = name;
    this.clock = clock;
    this.faultOf = faultOf;
  }

  /**
   * The events.
   *
   * @throws CommandFailure naming every row that is wrong
   */
  List<OutgoingEvent> events(String text) {
    List<OutgoingEvent> events = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    if (text.isBlank()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          List.of(name + " is empty; expected a header such as personEmail,reason"));
    }
    try (MappingIterator<Map<String, String>> rows =
        new CsvMapper()
            .readerForMapOf(String.class)
            .with(CsvSchema.emptySchema().withHeader())
            .with(CsvParser.Feature.TRIM_SPACES)
            .with(CsvParser.Feature.SKIP_EMPTY_LINES)
            .readValues(text)) {
      boolean first = true;
      while (rows.hasNext()) {
        int line = rows.getCurrentLocation().getLineNr();
        Map<String, String> row = rows.next();
        if (first) {
          checkColumns(row.keySet());
          first = false;
        }
        OutgoingEvent event = event(row);
        Optional<String> fault = faultOf.apply(event);
        if (fault.isEmpty()) {
          events.add(event);
        } else {
          faults.add("%s, line %d: %s".formatted(name, line, fault.get()));
        }
      }
    } catch (JsonProcessingException | RuntimeJsonMappingException e) {
      throw new CommandFailure(
          ExitCode.USAGE, name + " is no CSV: " + e.getMessage().lines().findFirst().orElse(""), e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading memory failed", e);
    }
    if (!faults.isEmpty()) {
      List<String> shown =
          new ArrayList<>(faults.subList(0, Math.min(SHOWN_FAULTS, faults.size())));
      if (shown.size() < faults.size()) {
        shown.add("and " + (faults.size() - shown.size()) + " more lines");
      }
      shown.add("nothing was sent");
      throw new CommandFailure(ExitCode.USAGE, shown);
    }
    return events;
  }

  private void checkColumns(Set<String> columns) {
    List<String> unknown =
        columns.stream()
            .filter(column -> !DATA.contains(column) && !ATTRIBUTES.contains(column))
            .toList();
    if (!unknown.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          List.of(
              name
                  + " has a column \""
                  + TerminalText.printable(unknown.get(0))
                  + "\"; expected a header with some of "
                  + String.join(", ", ATTRIBUTES)
                  + ", "
                  + String.join(", ", DATA)));
    }
  }

  private OutgoingEvent event(Map<String, String> row) {
    Map<String, String> given =
        row.entrySet().stream()
            .filter(cell -> cell.getValue() != null && !cell.getValue().isBlank())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    ObjectNode event =
        OutgoingEvent.cloudEvent(
            given.getOrDefault("id", UUID.randomUUID().toString()),
            given.getOrDefault("source", "/offboarder/cli"),
            given.containsKey("clientId")
                ? EventType.APP_DECOMMISSIONED
                : EventType.USER_TERMINATED,
            clock.instant());
    for (String attribute : List.of("type", "time")) {
      if (given.containsKey(attribute)) {
        event.put(attribute, given.get(attribute));
      }
    }
    ObjectNode data = event.withObject("/data");
    DATA.stream().filter(given::containsKey).forEach(member -> data.put(member, given.get(member)));
    return new OutgoingEvent(event, event.toString());
  }
}
