/** What came out, for people and for programs. */
package io.offboarder.bench.report;
