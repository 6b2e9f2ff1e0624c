// Prints the closing line of .ci/run from vitest's JSON report, and exits as the whole run did.
// Arguments: the report's path, and 1 when a step failed.
import { readFileSync } from 'node:fs';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
}

const [path = '', stepFailed = '1'] = process.argv.slice(2);
let report: Report;
try {
  // Safe: vitest's own format, and a report without these members fails the sums below.
  report = JSON.parse(readFileSync(path, 'utf8')) as Report;
} catch (error) {
  console.error(`the tests left no report: ${String(error)}`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const { numPassedTests: passed, numPendingTests: skipped } = report;
const green = stepFailed === '0' && report.success && passed > 0;
// A step that failed is a failure even when every test passed.
const failed = green ? report.numFailedTests : Math.max(1, report.numFailedTests);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(green ? 0 : 1);
