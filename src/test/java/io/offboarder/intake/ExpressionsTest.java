package io.offboarder.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offboarder.intake.Expression.InvalidException;
import io.offboarder.intake.Expression.Yields;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Expressions")
class ExpressionsTest {

  private static Expression compiled(String source, Yields yields) throws InvalidException {
    return Expression.compile("rule: member", source, yields, Budget.cpuTime());
  }

  private static @Nullable Object evaluated(String source, String json) throws Exception {
    return compiled(source, Yields.ARRAY).evaluate(evaluation(json));
  }

  private static Evaluation evaluation(String json) throws MappingException {
    RecordHeaders headers = new RecordHeaders();
    headers.add("eventType", "left".getBytes(StandardCharsets.UTF_8));
    Evaluation evaluation =
        new Evaluation(
            RecordInput.of(
                Sample.record(
                    "hr.events",
                    1_763_888_400_000L,
                    "21001".getBytes(StandardCharsets.UTF_8),
                    json.getBytes(StandardCharsets.UTF_8),
                    headers)),
            Budget.cpuTime());
    evaluation.use(Map.of("people", LookupTable.of(Map.of("21001", "ann@example.com"))));
    return evaluation;
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.b | x",
        "$.a.b | x",
        "$record.a.b | x",
        "$topic | hr.events",
        "$key | 21001",
        "$headers.eventType | left",
        "$timestamp | 2025-11-23T09:00:00Z",
        "$table('people', $key) | ann@example.com",
        "$table('people', n) | ann@example.com",
        "$contains(mail, /@EXAMPLE\\.com$/i) | true",
        "$match(mail, /(\\w+)@/).groups[0] | bob",
        "$replace(mail, /@.*/, '@example.org') | bob@example.org",
        "$replace('a-b-c', '-', '+') | a+b+c",
        "$replace('a-b-c', '-', '+', 1) | a+b-c",
        "$replace('ab', /(a)(b)/, '$2$1$$') | ba$",
        "$split('a,b;c', /[,;]/)[2] | c",
        "$split('a, b', ', ')[1] | b",
        "mail ~> $split('@') ~> $join('+') | bob+example.com",
        "$pad('7', -3, '0') | 007",
        "$string(n) | 21001",
        "$substringBefore(mail, '@') | bob",
        "big | 12345678901234567890",
        "list[kind = 'leaver'].id | 2",
        "( $f := function($x) { $x & '!' }; $f(a.b) ) | x!",
        "nothing ? 1 : 2 | 2",
        "n / 3 | 7000.333333333333",
        "list#$i[$i = 1].id | 2",
      })
  @DisplayName("see the record, and do what JSONata's do")
  void values(String source, String expected) throws Exception {
    String json =
        "{\"a\":{\"b\":\"x\"},\"n\":21001,\"mail\":\"bob@example.com\",\"big\":12345678901234567890,"
            + "\"nothing\":null,\"list\":[{\"kind\":\"mover\",\"id\":1},{\"kind\":\"leaver\",\"id\":2}]}";

    assertThat(evaluated(source, json)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.b =",
        "(a",
        "$random()",
        "$eval('1')",
        "$now()",
        "$unknown(a)",
        "$x + 1",
        "( $contains := function($a, $b) { $b($a) }; $contains(a, /(x+)+$/) )",
        "function($match) { $match }",
        "/(x+)+$/(a)",
        "a ~> /(x+)+$/",
        "$filter(list, /(x+)+$/)",
        "( $r := /(x+)+$/; $r(a) )",
        "$map([a], $match(?, /x/)) and /y/(a)",
        "$uppercase(5)",
        "$sum('a')",
        "/[/",
      })
  @DisplayName("that name what there is not, or search without a bound, are refused at the start")
  void refused(String source) {
    assertThatThrownBy(() -> compiled(source, Yields.ARRAY)).isInstanceOf(InvalidException.class);
  }

  @Test
  @DisplayName("that are wrong are named with the character")
  void position() {
    assertThatThrownBy(() -> compiled("status = 'T' and $unknown(a)", Yields.CONDITION))
        .hasMessage("character 18: there is no $unknown");
    assertThatThrownBy(() -> compiled("a + ", Yields.TEXT)).hasMessageContaining("character 4");
  }

  @Test
  @DisplayName("of a type that the member cannot have are refused at the start")
  void types() {
    assertThatThrownBy(() -> compiled("'yes'", Yields.CONDITION))
        .hasMessage("yields a text, expected true or false");
    assertThatThrownBy(() -> compiled("$count(list)", Yields.CONDITION))
        .hasMessage("yields a number, expected true or false");
    assertThatThrownBy(() -> compiled("{'a': 1}", Yields.NAME))
        .hasMessage("yields an object, expected one text or number");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "( $f := function($n) { $f($n + 1) }; $f(1) )",
        "( $f := function($n) { 1 + $f($n + 1) }; $f(1) )",
        "$count([1..9000000])",
        "$reduce([1..60], function($s, $i) { $s & $s }, 'xxxxxxxx')",
        "$contains(text, /(a+)+$/)",
        "$match(text, /(a|a)*b/)",
        "$replace(text, /(.*b){20}/, 'x')",
        "$split(text, /(a|aa)+$/)",
        "list.($$.list.($$.list.($$.list)))",
        "$map(list, function($x) { $map(list, function($y) { $join(list, text) }) })",
        "$string($map([1..100000], function($i) { text }))",
        "$pad('x', 1000000000)",
        "$distinct(list.($$.list).($$.list))",
        "$fromMillis(0, '[Y,1000000000]')",
        "$fromMillis(0, $pad('', 999, '[Y]'))",
        "$fromMillis(1e15, '[YI]')",
        "$toMillis($substring(text, 0, 99), '[d][d][d][d][d][d][d][d]')",
        "$toMillis($substring(text, 0, 99), '[FNn][MNn][FNn][MNn][FNn][MNn]-')",
        "$toMillis(text, '[Y]')",
        "$parseInteger(text, '0')",
        "$round(1.5, 1000000000)",
        "$map([1..99999], function($i) { $json('[' & text & ']') })",
        "$map([1..99999], function($i) { $json('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]') })",
        "$json($join($map([1..500], function($i) { '[' })))",
        "$json('{\"a\": 1, \"a\": 2}')",
        "$json('{')",
        "$json(list)",
        "$map([1..99999], function($i) { {'k': 'x'} }){k: $}",
        "$map([1..99999], function($i) { $sum($map([1..999], function($j) { $j })) })",
      })
  @DisplayName("that would not end, or make too much, are ended soon and rejected")
  void pathological(String source) throws Exception {
    String json =
        "{\"text\":\"" + "a".repeat(5000) + "!\",\"list\":[" + "\"x\",".repeat(2000) + "\"y\"]}";
    Evaluation evaluation = evaluation(json);
    Expression expression = compiled(source, Yields.ARRAY);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long began = threads.getCurrentThreadCpuTime();

    assertThatThrownBy(() -> expression.evaluate(evaluation))
        .isInstanceOf(MappingException.class)
        .hasMessageContaining("rule: member");
    assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - began))
        .isLessThan(Duration.ofSeconds(3));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "$fromMillis(1763888400000) | 2025-11-23T09:00:00.000Z",
        "$fromMillis(1763888400000, '[D01].[M01].[Y0001] [H01]:[m01]') | 23.11.2025 09:00",
        "$toMillis('23.11.2025', '[D01].[M01].[Y0001]') | 1763856000000",
        "$toMillis('20251123', '[Y0001][M01][D01]') | 1763856000000",
        "$toMillis('2025-11-23T09:00:00Z') | 1763888400000",
        "$toMillis('Sunday, 23 November 2025', '[FNn], [D] [MNn] [Y]') | 1763856000000",
        "$parseInteger('1,234', '#,##0') | 1234",
        "$round(2.45, 1) | 2.4",
        "$count($spread([{'a': 1, 'b': 2}, {'c': 3}])) | 3",
        "$spread({'a': 1}).a | 1",
        "$spread('x') | x",
        "$json('{\"a\": [1, {\"b\": null, \"c\": 9007199254740993}]}').a[1].c | 9007199254740993",
        "$json('[1, 2]')[1] | 2",
        "$json('7') + 1 | 8",
        "$exists($json(nothing)) | false",
        "$string([{'k': 'x', 'n': 1}, {'k': 'y', 'n': 2}, {'k': 'x', 'n': 3}]{k: $sum(n)}) |"
            + " {\"x\":4,\"y\":2}",
      })
  @DisplayName("read and write dates, and group, as JSONata does, where that ends soon")
  void bounded(String source, String expected) throws Exception {
    assertThat(evaluated(source, "{}")).hasToString(expected);
  }

  @Test
  @DisplayName("cost no more processor time than a record may, however large its lists are")
  void hugeLists() throws Exception {
    String objects = "{\"o\":[" + "{\"k\":1},".repeat(110_000) + "{}]}";
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (String source :
        List.of("o{'x': k}", "o#$i{'x': k}", "$count(o^(k))", "$sum(o.k)", "$count($spread(o))")) {
      Expression expression = compiled(source, Yields.ARRAY);
      Evaluation evaluation = evaluation(objects);
      long began = threads.getCurrentThreadCpuTime();
      try {
        expression.evaluate(evaluation);
      } catch (MappingException tooMuch) {
        assertThat(tooMuch).as(source).hasMessageContaining("took more than");
      }
      assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - began))
          .as(source)
          .isLessThan(Duration.ofMillis(1_500));
    }
    assertThatThrownBy(() -> evaluation("{\"o\":[" + "[1],".repeat(10_001) + "[]]}"))
        .hasMessageContaining("more than 10000 arrays in one");
  }

  @Test
  @DisplayName("spend one budget for all of a record, however many there are")
  void oneBudget() throws Exception {
    Evaluation evaluation = evaluation("{}");
    Expression expression = compiled("$count([1..90000])", Yields.NAME);

    assertThat(expression.evaluate(evaluation)).isEqualTo(90_000);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 20; i++) {
                expression.evaluate(evaluation);
              }
            })
        .hasMessageContaining("steps");
  }

  @Test
  @DisplayName("say that they took too much, also where a function of theirs did for another one")
  void spentWithin() throws Exception {
    for (String source :
        List.of(
            "$sort([1..999], function($l, $r) { $count([1..9999]) > 1 })",
            "1 = 1 and ($f := function($n) { $n > 0 ? $f($n + 1) : 1 }; $f(1)) = 1")) {
      Expression expression = compiled(source, Yields.ARRAY);
      Evaluation evaluation = evaluation("{}");

      assertThatThrownBy(() -> expression.evaluate(evaluation))
          .as(source)
          .hasMessageContaining("took more than 1000000 steps")
          .hasMessageNotContaining("Exception");
    }
  }

  @Test
  @DisplayName("are refused in one line that a person can read, whatever they have made")
  void shortFault() {
    assertThatThrownBy(() -> compiled("$split($join([1..9999]), '')", Yields.ARRAY))
        .satisfies(fault -> assertThat(fault.getMessage()).hasSizeLessThan(400));
  }

  @Test
  @DisplayName("are read as JSONata's parser reads them, where patterns and divisions stand")
  void tokens() throws Exception {
    for (String source :
        List.of(
            "$contains(a, /x\\/y/) and (b) / 2 = 1",
            "[1,2][0] / 2 / 1",
            "`odd name` / 2",
            "$match(a, /[/]/)[0]",
            "$match(a, /(\\/)/i)[0]",
            "/* a / comment */ a / 2",
            "\"a/b\" & '/' & a",
            "a.{'x': $split(b, /,/)}",
            "$replace(a, /\\(/, '/')")) {
      assertThat(ExpressionCheck.fault(source)).as(source).isEmpty();
      compiled(source, Yields.ARRAY);
    }
  }
}
