/** Settings of more than one level, as YAML or JSON has them: read within bounds, part by part. */
@NullMarked
package io.offboarder.yaml;

import org.jspecify.annotations.NullMarked;
