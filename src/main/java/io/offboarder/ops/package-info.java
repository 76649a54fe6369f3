/** What operators look at: health and readiness over HTTP. Knows the service below it. */
@NullMarked
package io.offboarder.ops;

import org.jspecify.annotations.NullMarked;
