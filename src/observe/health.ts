/** Health: whether this process is ready for traffic, and what is missing when it is not. */

/** What one check found. */
interface CheckResult {
  readonly ok: boolean;
  /** One line for people, without secrets. */
  readonly finding: string;
}

export type HealthCheck = () => CheckResult | Promise<CheckResult>;

/** The answer of `/readyz`. */
interface Readiness {
  readonly ok: boolean;
  readonly checks: readonly { readonly id: string; readonly status: 'ok' | 'fail'; readonly finding: string }[];
}

export interface Health {
  ready(): Promise<Readiness>;
}

/** Makes the readiness of named checks: ready when every one holds. One that throws or hangs does not hold. */
export function createHealth(checks: Readonly<Record<string, HealthCheck>>, options: { waitMs?: number } = {}): Health {
  const { waitMs = 2_000 } = options;
  return {
    async ready() {
      const results = await Promise.all(
        Object.entries(checks).map(async ([id, check]) => {
          const { ok, finding } = await judge(check, waitMs);
          return { id, status: ok ? ('ok' as const) : ('fail' as const), finding };
        }),
      );
      return { ok: results.every(({ status }) => status === 'ok'), checks: results };
    },
  };
}

async function judge(check: HealthCheck, waitMs: number): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, finding: `no answer within ${waitMs} ms` }), waitMs);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    // What it threw may quote anything; that it threw is the finding.
    return { ok: false, finding: 'the check itself failed' };
  } finally {
    clearTimeout(timer);
  }
}
