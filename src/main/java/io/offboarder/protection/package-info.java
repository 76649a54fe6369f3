/**
 * Who and what is never touched: the list, and the file that an operator keeps it in. Knows ids and
 * names; asks nobody but the file.
 */
@NullMarked
package io.offboarder.protection;

import org.jspecify.annotations.NullMarked;
