/**
 * Pseudonyms, for readers of logs or outcomes who must not learn whom these are about. Knows {@code
 * id} alone.
 */
@NullMarked
package io.offboarder.privacy;

import org.jspecify.annotations.NullMarked;
