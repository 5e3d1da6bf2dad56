/** One line per assertion, and a count at the end. */

export interface Report {
  /** Records one assertion; `detail` is printed when it fails and must hold no secret. */
  check(isTrue: boolean, name: string, detail?: string): void;
  /** Prints the closing line; returns the exit code. */
  close(): number;
}

/** Makes a report that prints as it goes. */
export function createReport(): Report {
  let passed = 0;
  let failed = 0;
  return {
    check(isTrue, name, detail) {
      if (isTrue) passed += 1;
      else failed += 1;
      console.log(`${isTrue ? 'ok    ' : 'FAILED'} ${name}`);
      if (!isTrue && detail !== undefined && detail !== '') console.log(detail.replaceAll(/^/gm, '         '));
    },
    close() {
      console.log(`${passed} passed, ${failed} failed`);
      return failed === 0 && passed > 0 ? 0 : 1;
    },
  };
}
