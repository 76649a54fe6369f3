package io.offboarder.bench;

/** The scenarios' names, by which targets refer to them. */
final class Names {
  static final String AT_0_MS = "backlog-0ms";
  static final String TLS_AT_0_MS = "tls-http2-0ms";
  static final String AT_20_MS = "backlog-20ms";
  static final String AT_100_MS = "backlog-100ms";
  static final String COLD_30_000_AT_0_MS = "cold-30000-0ms";
  static final String COLD_120_000_AT_0_MS = "cold-120000-0ms";
  static final String COLD_20_000_AT_20_MS = "cold-20000-20ms";
  static final String LONG_TAIL = "long-tail-20ms-400ms";
  static final String HOT_AT_0_MS = "hot-subjects-0ms";
  static final String HOT_AT_20_MS = "hot-subjects-20ms";
  static final String BACKLOG_OF_A_THOUSAND = "waiting-1000";
  static final String BACKLOG_OF_A_HUNDRED_THOUSAND = "waiting-100000";
  static final String BACKLOG_OF_A_MILLION = "waiting-1000000";
  static final String MILLION_IN_SMALL_HEAP = "drain-1000000-in-128MiB";
  static final String LOAD_AT_0_MS = "half-load-0ms";
  static final String LOAD_AT_20_MS = "half-load-20ms";
  static final String LOAD_AT_100_MS = "half-load-100ms";
  static final String CRASH = "kill-9";

  private Names() {}

  /** The backlog scenario with the same API as a scenario of half the load. */
  static String backlogFor(String load) {
    return load.replace("half-load", "backlog");
  }
}
