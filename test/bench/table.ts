/** Prints figures for people. */
import type { Figures, Results } from './proxy.ts';
import type { Limit } from './limits.ts';

function round(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '-';
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

function ratio(value: number | undefined, base: number | undefined): string {
  return value === undefined || base === undefined || base === 0 ? '-' : round(value / base);
}

function lines(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

/** One table for each piece of work: absolute figures, and those relative to direct and to http-mitm-proxy. */
export function tables(results: Results): string {
  return Object.entries(results)
    .map(([work, figures]) => {
      const direct: Figures = figures['direct'] ?? {};
      const rival: Figures = figures['http-mitm-proxy'] ?? {};
      if (Object.values(figures).some(({ rssOverIdle }) => rssOverIdle !== undefined)) {
        const rows = Object.entries(figures).map(([name, { rssOverIdle, error }]) => [
          name,
          error ?? round(rssOverIdle),
        ]);
        return lines([[work, 'RSS over idle, MB'], ...rows]);
      }
      const heading = [work, 'req/s', '× direct', 'p50 ms', '+ direct', 'p99 ms', 'CPU ms/req', '× hmp'];
      const rows = Object.entries(figures).map(([name, { perSecond, p50, p99, cpuMs, error }]) =>
        error === undefined
          ? [
              name,
              round(perSecond),
              ratio(perSecond, direct.perSecond),
              round(p50),
              round((p50 ?? Number.NaN) - (direct.p50 ?? Number.NaN)),
              round(p99),
              name === 'direct' ? '-' : round(cpuMs),
              name === 'direct' ? '-' : ratio(cpuMs, rival.cpuMs),
            ]
          : [name, error],
      );
      return lines([heading, ...rows]);
    })
    .join('\n\n');
}

/** One line for each limit. */
export function limitLines(limits: readonly Limit[]): string {
  return lines(
    limits.map(({ name, value, atMost, unit, isKept }) => [
      name,
      `${round(value)} ${unit}`,
      `at most ${atMost}`,
      isKept ? 'kept' : 'MISSED',
    ]),
  );
}
