/** The command line: wires the rooms, and nothing else does. */
@NullMarked
package io.offboarder.cli;

import org.jspecify.annotations.NullMarked;
