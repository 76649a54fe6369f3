/** The benchmark: wires the rooms below it, and holds what came out against the targets. */
package io.offboarder.bench;
