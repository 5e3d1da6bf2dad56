import { describe, expect, it } from 'vitest';
import {
  initAuthority,
  replaceAuthority,
  showAuthority,
  trustAuthority,
  untrustAuthority,
  type TrustOptions,
} from '../../../src/app/manage-authority.ts';
import { loadAuthority } from '../../../src/certs/authority.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const nowMs = Date.now();
const need = { hosts: ['api.vendor.example'], isUnconstrained: false };
/** A home with an authority, and trust options that record what would be run. */
function place() {
  const home = temporaryFolder();
  initAuthority(home, need, nowMs);
  const ran: string[] = [];
  const options: TrustOptions = {
    homeFolder: temporaryFolder(),
    isRoot: true,
    store: 'debian',
    isDryRun: false,
    nowMs,
    run: ([program]) => {
      ran.push(program);
      return 0;
    },
  };
  return { home, ran, options, load: () => loadAuthority(home, { nowMs }) };
}

describe('trusting the authority', () => {
  it('runs the plan and remembers it', () => {
    const { home, ran, options, load } = place();

    trustAuthority(home, options);

    expect(ran).toEqual(['install', 'update-ca-certificates']);
    expect(load().trusted).toBe(true);
    expect(showAuthority(home, nowMs).trusted).toBe(true);
  });

  it('runs nothing and remembers nothing in a dry run', () => {
    const { home, ran, options, load } = place();

    const plans = trustAuthority(home, { ...options, isDryRun: true });

    expect(plans).toHaveLength(1);
    expect(ran).toEqual([]);
    expect(load().trusted).toBe(false);
  });

  it('counts as trusted even when the plan fails halfway', () => {
    const { home, options, load } = place();

    expect(() => trustAuthority(home, { ...options, run: () => 1 })).toThrowError(
      expect.objectContaining({ code: 'ERR_PERMISSION' }),
    );
    expect(load().trusted).toBe(true);
  });
});

describe('untrusting the authority', () => {
  it('runs the undo of the one in force and of those it replaced', () => {
    const { home, ran, options, load } = place();
    trustAuthority(home, options);
    expect(replaceAuthority(home, need, nowMs).wasTrusted).toBe(true);
    ran.length = 0;

    untrustAuthority(home, options);

    expect(ran.filter((program) => program !== 'keytool')).toEqual([
      'rm',
      'update-ca-certificates',
      'rm',
      'update-ca-certificates',
    ]);
    // One store was named: others may hold it still.
    expect(load().retired).toMatchObject([{ trusted: true }]);
  });

  it('forgets that it was trusted once every store of the machine was emptied', () => {
    const { home, options, load } = place();
    trustAuthority(home, options);
    replaceAuthority(home, need, nowMs);
    trustAuthority(home, options);
    const { store, ...everyStore } = options;

    untrustAuthority(home, everyStore);

    expect(store).toBe('debian');
    expect(load()).toMatchObject({ trusted: false, retired: [{ trusted: false }] });
  });

  it('forgets nothing in a dry run', () => {
    const { home, ran, options, load } = place();
    trustAuthority(home, options);
    ran.length = 0;

    untrustAuthority(home, { ...options, isDryRun: true });

    expect(ran).toEqual([]);
    expect(load().trusted).toBe(true);
  });
});
