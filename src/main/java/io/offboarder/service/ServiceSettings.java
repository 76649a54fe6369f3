package io.offboarder.service;

import io.offboarder.stream.StreamSettings;
import io.offboarder.webex.WebexSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All settings of the service.
 *
 * @param defaultOrgId the org of an app whose event names none; null if every event must name one
 * @param stopTimeout how long a stop waits for what is in flight
 * @param privacy how people are named in logs and outcomes
 */
public record ServiceSettings(
    StreamSettings stream,
    WebexSettings webex,
    String outcomeTopic,
    String deadLetterTopic,
    @Nullable String defaultOrgId,
    Duration stopTimeout,
    Privacy privacy) {}
