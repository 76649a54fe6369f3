/**
 * Typed settings, read from defaults, a YAML file and the environment, and validated as a whole.
 */
@NullMarked
package io.offboarder.config;

import org.jspecify.annotations.NullMarked;
