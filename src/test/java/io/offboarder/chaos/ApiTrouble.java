package io.offboarder.chaos;

/** A way in which the API misbehaves, as a fault of the sandbox. */
enum ApiTrouble {
  /** Nothing works. */
  OUTAGE("{'status':503}"),
  /** A gateway's errors, now and then. */
  BAD_GATEWAY("{'status':502,'body':'html','probability':0.3}"),
  /** Connections are closed before the work. */
  DROP("{'effect':'drop','probability':0.3}"),
  /** The work is done, and the answer is lost. */
  LOSE_ANSWER(
      "{'effect':'lose-answer','operation':'delete','probability':0.6}",
      "{'effect':'lose-answer','probability':0.2}"),
  /** Requests are never answered. */
  HANG("{'effect':'hang','probability':0.1}"),
  /** Answers come late. */
  SLOW("{'effect':'delay','delayMs':700,'probability':0.5}"),
  /** A rate limit that is not ours. */
  THROTTLE("{'status':429,'retryAfter':'1','probability':0.5}"),
  /** Every access token is void. */
  TOKENS_EXPIRE,
  /** The same, and no new one for a while. */
  NO_TOKENS("{'status':503,'operation':'access_token'}");

  /** One a line; an apostrophe stands for a quotation mark. */
  private final String faults;

  ApiTrouble(String... faults) {
    this.faults = String.join("\n", faults);
  }

  /** Sets it off. */
  void begin(SandboxControl sandbox) {
    if (this == TOKENS_EXPIRE || this == NO_TOKENS) {
      sandbox.post("tokens/expire", "{}");
    }
    faults.lines().forEach(fault -> sandbox.post("faults", fault.replace('\'', '"')));
  }
}
