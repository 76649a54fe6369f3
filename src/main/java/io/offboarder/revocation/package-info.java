/** The flow of one event: list, delete, list again; and the outcome it ends with. */
@NullMarked
package io.offboarder.revocation;

import org.jspecify.annotations.NullMarked;
