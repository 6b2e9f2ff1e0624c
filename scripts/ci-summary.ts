// Prints the closing line of .ci/run from vitest's JSON reports, and exits as the whole run did.
// Arguments: 1 when a step failed, else 0; then the path of each report.
import { readFileSync } from 'node:fs';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
}

const [stepFailed = '1', ...paths] = process.argv.slice(2);
const reports: Report[] = [];
for (const path of paths) {
  try {
    // Safe: vitest's own format, and a report without these members fails the sums below.
    reports.push(JSON.parse(readFileSync(path, 'utf8')) as Report);
  } catch (error) {
    console.error(`the tests left no report: ${String(error)}`);
  }
}
const sum = (count: (report: Report) => number) => reports.reduce((total, report) => total + count(report), 0);
const passed = sum(({ numPassedTests }) => numPassedTests);
const skipped = sum(({ numPendingTests }) => numPendingTests);
const complete = reports.length === paths.length && reports.every(({ success }) => success);
const green = stepFailed === '0' && complete && passed > 0;
// A step that failed is a failure even when every test passed.
const failed = Math.max(
  green ? 0 : 1,
  sum(({ numFailedTests }) => numFailedTests),
);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(green ? 0 : 1);
