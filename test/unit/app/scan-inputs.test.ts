import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { isFolder, scanInputs, type InputPlace, type LeftOut } from '../../../src/app/scan-inputs.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

function placeOf(files: Readonly<Record<string, string | Buffer>>): InputPlace {
  const cwd = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name, '..'), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return { cwd, stdin: Readable.from([Buffer.from('typed')]) };
}

async function read(names: readonly string[], place: InputPlace): Promise<{ inputs: string[][]; leftOut: LeftOut }> {
  const leftOut: LeftOut = { binary: 0, unreadable: [] };
  const inputs: string[][] = [];
  for await (const { name, text } of scanInputs(names, place, leftOut)) {
    inputs.push([name, Buffer.from(text).toString()]);
  }
  return { inputs, leftOut };
}

describe('the inputs of a scan', () => {
  it('are files and standard input, in the order they were named', async () => {
    const { inputs } = await read(['b.txt', '-', 'a.txt'], placeOf({ 'a.txt': 'A', 'b.txt': 'B' }));

    expect(inputs).toEqual([
      ['b.txt', 'B'],
      ['-', 'typed'],
      ['a.txt', 'A'],
    ]);
  });

  it('are the files of a folder by name, without those of tools and without links', async () => {
    const place = placeOf({
      'd/b/c.txt': 'C',
      'd/a.txt': 'A',
      'd/.git/x': 'X',
      'd/node_modules/y': 'Y',
      'out.txt': 'O',
    });
    symlinkSync(join(place.cwd, 'out.txt'), join(place.cwd, 'd', 'link.txt'));

    const { inputs } = await read(['d'], place);

    expect(inputs).toEqual([
      [join('d', 'a.txt'), 'A'],
      [join('d', 'b', 'c.txt'), 'C'],
    ]);
  });

  it('leave out binary files of any size without reading them', async () => {
    const place = placeOf({ 'd/image': Buffer.from([0x89, 0, 1]), 'd/notes': 'N' });
    // More than can be read at once: no such file has content anywhere on the disk.
    truncateSync(join(place.cwd, 'd', 'image'), 3 * 1024 ** 3);

    const { inputs, leftOut } = await read(['d'], place);

    expect(inputs).toEqual([[join('d', 'notes'), 'N']]);
    expect(leftOut).toEqual({ binary: 1, unreadable: [] });
  });

  it.skipIf(process.platform === 'win32')(
    'are not what has taken the place of a file since it was listed',
    async () => {
      const place = placeOf({ 'd/a.txt': 'A', 'd/b.txt': 'B', 'd/c.txt': 'C', 'out.txt': 'O' });
      const leftOut: LeftOut = { binary: 0, unreadable: [] };
      const names: string[] = [];
      for await (const { name } of scanInputs(['d'], place, leftOut)) {
        names.push(name);
        for (const later of ['b.txt', 'c.txt']) rmSync(join(place.cwd, 'd', later), { force: true });
        symlinkSync(join(place.cwd, 'out.txt'), join(place.cwd, 'd', 'b.txt'));
        execFileSync('mkfifo', [join(place.cwd, 'd', 'c.txt')]);
      }

      expect(names).toEqual([join('d', 'a.txt')]);
      expect(leftOut.unreadable).toEqual([expect.stringContaining('b.txt')]);
    },
  );

  it('leave out what is binary in a folder, but not UTF-16, nor what is named itself', async () => {
    const utf16 = Buffer.from('\u{feff}text', 'utf16le');
    const place = placeOf({ 'd/image': Buffer.from([0x89, 0, 1]), 'd/notes': utf16 });

    const folder = await read(['d'], place);
    const named = await read(['d/image'], place);

    expect(folder.inputs.map(([name]) => name)).toEqual([join('d', 'notes')]);
    expect(folder.leftOut.binary).toBe(1);
    expect(named.inputs).toHaveLength(1);
  });

  it.skipIf(process.getuid?.() === 0)('name what cannot be read in a folder, and go on', async () => {
    const place = placeOf({ 'd/a.txt': 'A', 'd/b.txt': 'B' });
    chmodSync(join(place.cwd, 'd', 'a.txt'), 0);

    const { inputs, leftOut } = await read(['d'], place);

    expect(inputs).toEqual([[join('d', 'b.txt'), 'B']]);
    expect(leftOut.unreadable).toEqual([`${join('d', 'a.txt')} cannot be read (EACCES)`]);
  });

  it('must be there when they are named', async () => {
    await expect(read(['gone.txt'], placeOf({}))).rejects.toMatchObject({
      code: 'ERR_INPUT_MISSING',
      message: 'gone.txt is not there',
    });
  });

  it('know a folder from a file and from standard input', () => {
    const place = placeOf({ 'd/a.txt': 'A' });

    expect(['d', 'd/a.txt', 'gone', '-'].map((name) => isFolder(name, place))).toEqual([true, false, false, false]);
  });
});
