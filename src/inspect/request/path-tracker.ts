/** Where a streamed JSON text stands: the path, and the strings seen so far beside it. */
import { Interned } from '../../body/interned.ts';
import { noName } from '../../body/json-document.ts';
import type { JsonPath } from '../../body/json-path.ts';
import type { Surroundings } from '../../providers/provider.ts';

/** Longer strings do not say what a block is. */
const longestNeighbour = 128;
/** More neighbours are not remembered: an object with a type gives it early. */
const mostNeighbours = 64;

interface Frame {
  readonly isObject: boolean;
  index: number;
  name: string;
  /** Among the names that are numbered. */
  nameNumber: number;
  /** By name, the number of the value or the value itself. Undefined: the name stood twice, with different values. */
  strings: Map<string, number | string | undefined> | undefined;
}

/** Follows a JSON text event by event. */
export class PathTracker {
  private readonly frames: Frame[] = [];
  /** Neighbours are written out only when they are asked for. */
  private readonly values = new Interned();

  enter(isObject: boolean): void {
    this.frames.push({ isObject, index: 0, name: '', nameNumber: noName, strings: undefined });
  }

  leave(): void {
    this.frames.pop();
    this.next();
  }

  /** A member name was read. @param number among the names that are numbered */
  named(name: string, number: number): void {
    const frame = this.frames.at(-1);
    if (frame === undefined) return;
    frame.name = name;
    frame.nameNumber = number;
  }

  /** The name of the member that is being read; undefined in an array or at the root. */
  get memberName(): string | undefined {
    const frame = this.frames.at(-1);
    return frame?.isObject === true ? frame.name : undefined;
  }

  /** Its number; {@link noName} in an array or at the root. */
  get memberNumber(): number {
    const frame = this.frames.at(-1);
    return frame?.isObject === true ? frame.nameNumber : noName;
  }

  /** A value ended. */
  next(): void {
    const frame = this.frames.at(-1);
    if (frame !== undefined) frame.index += 1;
  }

  /** A string ended: `bytes` from `start` to `end`, decoded. It may say what its object is. */
  nextString(bytes: Uint8Array, start: number, end: number): void {
    const frame = this.frames.at(-1);
    if (frame === undefined) return;
    frame.index += 1;
    if (!frame.isObject || end - start > longestNeighbour) return;
    const { name } = frame;
    if (name.length > longestNeighbour) return;
    const number = this.values.idOf(bytes, start, end);
    const value = number === -1 ? Buffer.from(bytes.subarray(start, end)).toString() : number;
    frame.strings ??= new Map();
    const { strings } = frame;
    if (strings.has(name)) {
      if (this.textOf(strings.get(name)) !== this.textOf(value)) strings.set(name, undefined);
    } else if (strings.size < mostNeighbours) strings.set(name, value);
  }

  private textOf(value: number | string | undefined): string | undefined {
    return typeof value === 'number' ? this.values.text(value) : value;
  }

  path(): JsonPath {
    return this.frames.map(({ isObject, name, index }) => (isObject ? name : index));
  }

  around(): Surroundings {
    return {
      sibling: (key, up = 1) => this.textOf(this.frames.at(-up)?.strings?.get(key)),
      isWhole: false,
    };
  }
}
