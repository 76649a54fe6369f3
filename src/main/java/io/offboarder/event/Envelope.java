package io.offboarder.event;

import io.offboarder.event.DecodeError.Code;
import java.util.Iterator;
import java.util.List;

/**
 * An event without the form that it came in.
 *
 * @param around the objects that the data was found in; none where its members stand beside the
 *     attributes
 */
record Envelope(EventAttributes attributes, JsonFields data, List<JsonFields> around) {

  /**
   * Refuses a member that decides and stands beside the data, where it would be overlooked: the
   * event would be acted on at another time, for another subject, or although it only asked.
   */
  void requireNothingBeside(List<String> deciding) throws DecodeException {
    for (JsonFields outer : around) {
      for (Iterator<String> names = outer.object().fieldNames(); names.hasNext(); ) {
        String name = names.next();
        for (String member : deciding) {
          if (MemberName.means(name, member) && outer.has(name) && !isSame(outer, name, member)) {
            throw new DecodeException(
                Code.MALFORMED_ENVELOPE,
                outer.prefix() + name,
                "was there beside " + data.prefix().replaceFirst("\\.$", ""),
                "it there alone, as " + data.prefix() + member);
          }
        }
      }
    }
  }

  private boolean isSame(JsonFields outer, String name, String member) {
    return outer.object().get(name).equals(data.object().get(member));
  }
}
