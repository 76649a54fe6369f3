package io.offboarder.bench.report;

import io.offboarder.bench.run.Contender;
import io.offboarder.bench.run.Metric;
import java.util.ArrayList;
import java.util.List;

/** One scenario's results as a Markdown table, padded so that a terminal shows it as well. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /** A table of these columns. */
  public Table(List<String> header) {
    rows.add(header);
  }

  /** The medians of a scenario, with minimum and maximum where there were several rounds. */
  public static Table of(Results results, String scenario) {
    List<Metric> metrics = results.metrics(scenario);
    List<String> header = new ArrayList<>(List.of("contender"));
    metrics.forEach(metric -> header.add(metric.title()));
    Table table = new Table(header);
    for (Contender contender : results.contenders(scenario)) {
      List<String> row = new ArrayList<>(List.of(contender.title()));
      for (Metric metric : metrics) {
        row.add(
            results
                .spread(scenario, contender, metric)
                .map(summary -> summary.show(metric.digits()))
                .orElse("–"));
      }
      table.add(row);
    }
    return table;
  }

  /** Adds a row. */
  public void add(List<String> row) {
    rows.add(row);
  }

  /** The table's text. */
  public String text() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      line(text, rows.get(r), widths);
      if (r == 0) {
        for (int i = 0; i < columns; i++) {
          text.append("| ").append("-".repeat(widths[i] - (i == 0 ? 0 : 1)));
          text.append(i == 0 ? " " : ": ");
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> row, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      String space = " ".repeat(widths[i] - cell.length());
      text.append("| ").append(i == 0 ? cell + space : space + cell).append(' ');
    }
    text.append("|\n");
  }
}
