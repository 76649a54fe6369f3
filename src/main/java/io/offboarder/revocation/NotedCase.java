package io.offboarder.revocation;

import io.offboarder.event.EventType;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which case a note is about.
 *
 * @param orgId null where the event does not name one
 * @param look 0 for the event itself, else which look after its end
 * @param released whether a person has let it through, after it was held
 */
public record NotedCase(
    String caseId, EventType type, @Nullable String orgId, int look, boolean released) {

  /** What these bytes say; empty where no attempt at an event wrote them. */
  public static Optional<NotedCase> read(byte[] note) {
    return DeletionNote.read(note)
        .flatMap(
            read ->
                Stream.of(EventType.values())
                    .filter(type -> type.word().equals(read.kind()))
                    .findFirst()
                    .map(
                        type ->
                            new NotedCase(
                                read.caseId(), type, read.orgId(), read.look(), read.released())));
  }
}
