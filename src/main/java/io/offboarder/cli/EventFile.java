package io.offboarder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.event.EventType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Events in a file, one JSON object on each line, or a table; read whole, so that nothing is sent
 * by half.
 */
final class EventFile {
  private static final int SHOWN_FAULTS = 20;

  private final JsonMapper mapper =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private final String name;
  private final List<String> lines;

  private EventFile(String name, List<String> lines) {
    this.name = name;
    this.lines = lines;
  }

  static EventFile read(Path file) {
    if (Files.isDirectory(file)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          List.of(file + " is a directory; expected a file with an event on each line"));
    }
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      return new EventFile(file.toString(), reader.lines().toList());
    } catch (NoSuchFileException e) {
      throw new CommandFailure(ExitCode.USAGE, "the file " + file + " does not exist", e);
    } catch (IOException | UncheckedIOException e) {
      boolean notText =
          e instanceof CharacterCodingException || e.getCause() instanceof CharacterCodingException;
      throw new CommandFailure(
          ExitCode.USAGE,
          "the file "
              + file
              + (notText
                  ? " is not UTF-8 text; expected an event on each line"
                  : " cannot be read by this process"),
          e);
    }
  }

  static EventFile read(String name, Reader reader) {
    return new EventFile(name, new BufferedReader(reader).lines().toList());
  }

  /**
   * The events of a table.
   *
   * @param faultOf what is wrong with an event, if anything
   * @throws CommandFailure naming every row that is wrong
   */
  List<OutgoingEvent> rows(Clock clock, Function<OutgoingEvent, Optional<String>> faultOf) {
    return new EventCsv(name, clock, faultOf).events(String.join("\n", lines));
  }

  /**
   * The events. Blank lines are skipped.
   *
   * @param kindsMatter whether each must be of a kind that we know
   * @throws CommandFailure naming every line that is wrong
   */
  List<OutgoingEvent> events(boolean kindsMatter) {
    List<OutgoingEvent> events = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      String where = name + ", line " + (i + 1) + ": ";
      try {
        JsonNode json = mapper.readTree(lines.get(i));
        OutgoingEvent event = new OutgoingEvent(json, lines.get(i));
        if (!json.isObject()) {
          faults.add(where + "is no event; expected a JSON object");
        } else if (kindsMatter && EventType.of(event.type()).isEmpty()) {
          faults.add(
              where
                  + "type is \""
                  + TerminalText.printable(event.type())
                  + "\"; expected user-terminated or app-decommissioned, or --topic");
        } else {
          events.add(event);
        }
      } catch (JsonProcessingException e) {
        faults.add(
            where
                + "is no JSON (column "
                + (e.getLocation() == null ? "?" : e.getLocation().getColumnNr())
                + ")");
      }
    }
    if (!faults.isEmpty()) {
      List<String> shown =
          new ArrayList<>(faults.subList(0, Math.min(SHOWN_FAULTS, faults.size())));
      if (shown.size() < faults.size()) {
        shown.add("and " + (faults.size() - shown.size()) + " more lines");
      }
      shown.add("nothing was sent; expected a whole event on each line, as \"jq -c\" prints it");
      throw new CommandFailure(ExitCode.USAGE, shown);
    }
    return events;
  }
}
