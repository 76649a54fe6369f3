package io.offboarder.bench.report;

import io.offboarder.bench.run.Contender;
import io.offboarder.bench.run.Metric;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Medians as bars, with a whisker from minimum to maximum, as SVG. */
final class BarChart {
  private static final int WIDTH = 760;
  private static final int LEFT = 240;
  private static final int RIGHT = 130;
  private static final int TOP = 50;
  private static final int ROW = 34;
  private static final int BAR = 20;

  private final Results results;
  private final String scenario;
  private final Metric metric;

  BarChart(Results results, String scenario, Metric metric) {
    this.results = results;
    this.scenario = scenario;
    this.metric = metric;
  }

  String svg() {
    List<Contender> contenders = results.contenders(scenario);
    int height = TOP + contenders.size() * ROW + 10;
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"sans-serif\" font-size=\"13\">%n",
        WIDTH,
        height);
    add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", WIDTH, height);
    add(
        svg,
        "<text x=\"12\" y=\"26\" font-size=\"15\" font-weight=\"bold\">%s: %s</text>%n",
        scenario,
        metric.title());
    double most =
        contenders.stream()
            .map(this::spread)
            .flatMap(Optional::stream)
            .mapToDouble(Summary::max)
            .max()
            .orElse(0);
    double scale = most == 0 ? 0 : (WIDTH - LEFT - RIGHT) / most;
    for (int i = 0; i < contenders.size(); i++) {
      row(svg, contenders.get(i), TOP + i * ROW, scale);
    }
    return svg.append("</svg>\n").toString();
  }

  private Optional<Summary> spread(Contender contender) {
    return results.spread(scenario, contender, metric);
  }

  private void row(StringBuilder svg, Contender contender, int y, double scale) {
    int middle = y + BAR / 2;
    add(
        svg,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
        LEFT - 10,
        middle + 5,
        contender.title());
    Optional<Summary> measured = spread(contender);
    if (measured.isEmpty()) {
      add(svg, "<text x=\"%d\" y=\"%d\">not measured</text>%n", LEFT + 6, middle + 5);
      return;
    }
    Summary summary = measured.get();
    String colour = contender == Contender.OFFBOARDER ? "#0b6e4f" : "#9aa5b1";
    add(
        svg,
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
        LEFT,
        y,
        summary.median() * scale,
        BAR,
        colour);
    add(
        svg,
        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#20262d\"/>%n",
        LEFT + summary.min() * scale,
        middle,
        LEFT + summary.max() * scale,
        middle);
    add(
        svg,
        "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
        LEFT + summary.max() * scale + 8,
        middle + 5,
        new Summary(summary.median(), 0, 0, 1).show(metric.digits()));
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
