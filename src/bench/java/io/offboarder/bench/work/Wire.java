package io.offboarder.bench.work;

/** How the API is spoken to. */
public enum Wire {
  /** HTTP/1.1 without TLS. */
  PLAIN,
  /** HTTP/2 over TLS, as the real API is. */
  TLS_HTTP_2
}
