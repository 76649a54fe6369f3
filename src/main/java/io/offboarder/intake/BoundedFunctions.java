package io.offboarder.intake;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.FnVarArgs;
import com.dashjoin.jsonata.Jsonata.Frame;
import com.dashjoin.jsonata.Jsonata.JFunction;
import com.dashjoin.jsonata.Utils;
import io.offboarder.intake.Budget.SpentException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSONata's functions that can take or make far more than they are given, under a budget: those
 * that search by regular expressions, which may never end, and those whose result may be many times
 * as long as what they are given. They do what JSONata's do, but that a replacement is a text.
 */
final class BoundedFunctions {
  private static final int WIDEST = 1000;

  /** The end of the year 9999. */
  private static final double LATEST_MILLIS = 253_402_300_799_999d;

  private static final Pattern GROUP = Pattern.compile("\\$(\\$|\\d)");

  private final Budget budget;

  BoundedFunctions(Budget budget) {
    this.budget = budget;
  }

  void bind(Frame frame) {
    bind(frame, "contains", "<s-(sf):b>", args -> contains(text(args, 0), argument(args, 1)));
    bind(frame, "match", "<s-fn?:a<o>>", args -> match(text(args, 0), argument(args, 1), args));
    bind(frame, "replace", "<s-(sf)sn?:s>", this::replace);
    bind(frame, "split", "<s-(sf)n?:a<s>>", this::split);
    bind(frame, "join", "<a<s>s?:s>", this::join);
    bind(frame, "pad", "<s-ns?:s>", BoundedFunctions::pad);
    bind(frame, "string", "<x-b?:s>", this::string);
    bind(frame, "toMillis", "<s-s?:n>", BoundedFunctions::toMillis);
    bind(frame, "fromMillis", "<n-s?s?:s>", BoundedFunctions::fromMillis);
    bind(frame, "parseInteger", "<s-s:n>", BoundedFunctions::parseInteger);
    bind(frame, "round", "<n-n?:n>", BoundedFunctions::round);
    bind(frame, "spread", "<x-:a<o>>", this::spread);
  }

  private static void bind(
      Frame frame, String name, String signature, FnVarArgs<@Nullable Object> function) {
    JFunction bound = Jsonata.function(name, function, signature);
    frame.bind(name, bound);
  }

  private static @Nullable Object argument(List<?> arguments, int index) {
    return index < arguments.size() ? arguments.get(index) : null;
  }

  private static @Nullable String text(List<?> arguments, int index) {
    return (String) argument(arguments, index);
  }

  private static int limit(List<?> arguments, int index) {
    if (!(argument(arguments, index) instanceof Number limit)) {
      return Integer.MAX_VALUE;
    }
    if (limit.doubleValue() < 0) {
      throw new JException("D3040", -1, limit);
    }
    return limit.intValue();
  }

  private Matcher matcher(Pattern pattern, String text) {
    return pattern.matcher(new BoundedText(text, budget));
  }

  private @Nullable Boolean contains(@Nullable String text, @Nullable Object token) {
    if (text == null || token == null) {
      return null;
    }
    if (token instanceof Pattern pattern) {
      return matcher(pattern, text).find();
    }
    chargeSearch(text, (String) token);
    return text.contains((String) token);
  }

  /** A search looks at no more than each character of one text for each of the other. */
  private void chargeSearch(String text, String token) {
    budget.text((long) text.length() * Math.max(1, token.length()) / 256);
  }

  private @Nullable Object match(@Nullable String text, @Nullable Object regex, List<?> args) {
    if (text == null) {
      return null;
    }
    int limit = limit(args, 2);
    List<Object> matches = Utils.createSequence();
    Matcher matcher = matcher((Pattern) regex, text);
    while (matches.size() < limit && matcher.find()) {
      List<@Nullable String> groups = new ArrayList<>();
      for (int i = 1; i <= matcher.groupCount(); i++) {
        groups.add(matcher.group(i));
      }
      Map<String, Object> match = new LinkedHashMap<>();
      match.put("match", matcher.group());
      match.put("index", matcher.start());
      match.put("groups", groups);
      matches.add(match);
      budget.spend(1 + matcher.groupCount());
    }
    return matches;
  }

  private @Nullable String replace(List<?> args) {
    String text = text(args, 0);
    Object wanted = argument(args, 1);
    String replacement = text(args, 2);
    if (text == null || wanted == null || replacement == null) {
      return text;
    }
    if (wanted instanceof String literal && literal.isEmpty()) {
      throw new JException("D3010", -1, literal);
    }
    int limit = limit(args, 3);
    Pattern pattern =
        wanted instanceof Pattern regex ? regex : Pattern.compile((String) wanted, Pattern.LITERAL);
    Matcher matcher = matcher(pattern, text);
    StringBuilder replaced = new StringBuilder();
    int from = 0;
    for (int i = 0; i < limit && matcher.find(); i++) {
      replaced.append(text, from, matcher.start());
      String inserted = wanted instanceof Pattern ? insertion(replacement, matcher) : replacement;
      budget.text(inserted.length());
      replaced.append(inserted);
      from = matcher.end();
    }
    return replaced.append(text.substring(from)).toString();
  }

  /** {@code $1} is the first group, {@code $$} a dollar sign. */
  private static String insertion(String replacement, Matcher matcher) {
    return GROUP
        .matcher(replacement)
        .replaceAll(
            found -> {
              String name = found.group(1);
              if (name.equals("$")) {
                return "\\$";
              }
              int group = Integer.parseInt(name);
              String text = group > matcher.groupCount() ? null : matcher.group(group);
              return text == null ? "" : Matcher.quoteReplacement(text);
            });
  }

  private @Nullable Object split(List<?> args) {
    String text = text(args, 0);
    Object separator = argument(args, 1);
    if (text == null || separator == null) {
      return null;
    }
    int limit = limit(args, 2);
    budget.spend(text.length());
    List<String> parts = new ArrayList<>();
    if (separator instanceof String literal && literal.isEmpty()) {
      text.codePoints().limit(limit).forEach(c -> parts.add(Character.toString(c)));
      return parts;
    }
    Pattern pattern =
        separator instanceof Pattern regex
            ? regex
            : Pattern.compile((String) separator, Pattern.LITERAL);
    Matcher matcher = matcher(pattern, text);
    int from = 0;
    while (matcher.find()) {
      if (matcher.end() > 0) {
        parts.add(text.substring(from, matcher.start()));
        from = matcher.end();
      }
    }
    parts.add(text.substring(from));
    return limit < parts.size() ? parts.subList(0, limit) : parts;
  }

  private @Nullable String join(List<?> args) {
    if (!(argument(args, 0) instanceof List<?> parts)) {
      return null;
    }
    String separator = argument(args, 1) instanceof String given ? given : "";
    for (Object part : parts) {
      budget.text(String.valueOf(part).length() + (long) separator.length());
    }
    return String.join(separator, parts.stream().map(String.class::cast).toList());
  }

  private static @Nullable String pad(List<?> args) {
    String text = text(args, 0);
    if (text == null || !(argument(args, 1) instanceof Number width)) {
      return null;
    }
    if (Math.abs(width.doubleValue()) > WIDEST) {
      throw new SpentException("pads to more than " + WIDEST + " characters");
    }
    return Functions.pad(text, width, text(args, 2));
  }

  private @Nullable String string(List<?> args) {
    Object value = argument(args, 0);
    charge(value);
    return Functions.string(value, (Boolean) argument(args, 1));
  }

  private static @Nullable Object toMillis(List<?> args) {
    String date = text(args, 0);
    String picture = text(args, 1);
    if (date != null && picture != null) {
      BoundedPicture.requireReadable(picture, date);
    }
    try {
      return Functions.dateTimeToMillis(date, picture);
    } catch (ParseException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static @Nullable String fromMillis(List<?> args) {
    String picture = text(args, 1);
    Number millis = (Number) argument(args, 0);
    if (millis != null && picture != null) {
      BoundedPicture.requireShort(picture);
      if (Math.abs(millis.doubleValue()) > LATEST_MILLIS) {
        throw new SpentException("writes a year beyond 9999 by a picture");
      }
    }
    return Functions.dateTimeFromMillis(millis, picture, text(args, 2));
  }

  private static @Nullable Object parseInteger(List<?> args) {
    String text = text(args, 0);
    String picture = text(args, 1);
    if (Math.max(length(text), length(picture)) > WIDEST) {
      throw new SpentException("reads a number of more than " + WIDEST + " characters");
    }
    try {
      return Functions.parseInteger(text, picture);
    } catch (ParseException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  private static @Nullable Number round(List<?> args) {
    Number places = (Number) argument(args, 1);
    if (places != null && Math.abs(places.doubleValue()) > WIDEST) {
      throw new SpentException("rounds to more than " + WIDEST + " places");
    }
    return Functions.round((Number) argument(args, 0), places);
  }

  /** JSONata's copies what it has for each object. */
  private @Nullable Object spread(List<?> args) {
    Object value = argument(args, 0);
    if (!(value instanceof List<?>) && !(value instanceof Map<?, ?>)) {
      return value;
    }
    List<Object> members = Utils.createSequence();
    spread(value, members);
    return members;
  }

  private void spread(@Nullable Object value, List<Object> members) {
    budget.spend(1);
    if (value instanceof List<?> elements) {
      elements.forEach(element -> spread(element, members));
    } else if (value instanceof Map<?, ?> object) {
      budget.spend(object.size());
      object.forEach(
          (name, member) -> {
            Map<Object, Object> one = new LinkedHashMap<>();
            one.put(name, member);
            members.add(one);
          });
    } else if (value != null) {
      members.add(value);
    }
  }

  /** A small tree may name a large one many times. */
  private void charge(@Nullable Object value) {
    budget.spend(1);
    if (value instanceof String text) {
      budget.text(text.length());
    } else if (value instanceof Map<?, ?> members) {
      members.forEach(
          (name, member) -> {
            budget.text(name.toString().length());
            charge(member);
          });
    } else if (value instanceof List<?> elements) {
      elements.forEach(this::charge);
    }
  }
}
