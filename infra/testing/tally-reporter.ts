import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule, TestRunEndReason } from 'vitest/node';

/**
 * Ends a run of tests with one plain line for people and machines:
 *
 *     tests: 412 passed, 0 failed
 *
 * It is written as the process exits, so that nothing follows it. A file that could not be loaded, an error
 * outside of any test and a run without tests count as failed: the line never says "0 failed" about a run that was not good.
 * Tests that held only at their second try are named in lines before it, so that nobody takes them for sound.
 */
export class TallyReporter implements Reporter {
  #line = 'tests: 0 passed, 1 failed';

  onInit(): void {
    process.once('exit', () => writeSync(1, `${this.#line}\n`));
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    let passed = 0;
    let unsteady = '';
    let failed = unhandledErrors.length;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
        if (test.diagnostic()?.flaky)
          unsteady += `unsteady, passed at its second try: ${module.relativeModuleId} > ${test.fullName}\n`;
      }
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
    }
    // No test was found, or the run was broken off.
    if (reason !== 'passed' && failed === 0) failed = 1;
    this.#line = `${unsteady}tests: ${passed} passed, ${failed} failed`;
  }
}
