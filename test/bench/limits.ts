/** What the figures must keep, and the ratios that say so: they hold on any machine, absolute times do not. */
import type { Figures, Results } from './proxy.ts';

export interface Limit {
  readonly name: string;
  readonly value: number;
  readonly atMost: number;
  readonly unit: string;
  readonly isKept: boolean;
}

function figure(results: Results, work: string, target: string): Figures {
  return results[work]?.[target] ?? {};
}

/** Judges what was measured; a measurement that failed is not kept. */
export function limits(results: Results): readonly Limit[] {
  const over = (work: string, target: string, key: 'p50' | 'cpuMs', other: string): readonly [number, number] => [
    figure(results, work, target)[key] ?? Number.NaN,
    figure(results, work, other)[key] ?? Number.NaN,
  ];
  const added = (work: string, target: string): number => {
    const [value, direct] = over(work, target, 'p50', 'direct');
    return value - direct;
  };
  const [off, rival] = over('POST 2 KB', 'sluice off', 'cpuMs', 'http-mitm-proxy');
  const [scanning, passing] = over('POST 1 MB', 'sluice', 'cpuMs', 'sluice off');
  const rise = (work: string): number => figure(results, work, 'sluice').rssOverIdle ?? Number.NaN;
  const rows: readonly (readonly [
    work: string,
    target: string,
    name: string,
    value: number,
    atMost: number,
    unit: string,
  ])[] = [
    ['POST 2 KB', 'sluice off', "2 KB POST, inspection off: CPU of http-mitm-proxy's", off / rival, 0.6, '×'],
    ['POST 1 MB', 'sluice', '1 MB POST, release verdict: added p50', added('POST 1 MB', 'sluice'), 10, 'ms'],
    [
      'POST 1 MB',
      'sluice stream',
      '1 MB POST, release stream: added p50',
      added('POST 1 MB', 'sluice stream'),
      5,
      'ms',
    ],
    ['POST 1 MB', 'sluice', '1 MB POST: CPU with scanning, of that without', scanning / passing, 2, '×'],
    ['SSE first event', 'sluice', 'SSE first event: added p50', added('SSE first event', 'sluice'), 1, 'ms'],
    ['stalled up', 'sluice', '200 stalled uploads: RSS over idle', rise('stalled up'), 150, 'MB'],
    ['stalled down', 'sluice', '200 stalled downloads: RSS over idle', rise('stalled down'), 150, 'MB'],
  ];
  return rows
    .filter(([work, target]) => results[work]?.[target] !== undefined)
    .map(([, , name, value, atMost, unit]) => ({ name, value, atMost, unit, isKept: value <= atMost }));
}
