/** Where a streamed JSON text stands: the path, and the strings seen so far beside it. */
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
  /** Undefined as a value: the name stood twice, with different values. */
  readonly strings: Map<string, string | undefined>;
}

/** Follows a JSON text event by event. */
export class PathTracker {
  private readonly frames: Frame[] = [];

  enter(isObject: boolean): void {
    this.frames.push({ isObject, index: 0, name: '', strings: new Map() });
  }

  leave(): void {
    this.frames.pop();
    this.next();
  }

  /** A member name was read. */
  named(name: string): void {
    const frame = this.frames.at(-1);
    if (frame !== undefined) frame.name = name;
  }

  /** The name of the member that is being read; undefined in an array or at the root. */
  get memberName(): string | undefined {
    const frame = this.frames.at(-1);
    return frame?.isObject === true ? frame.name : undefined;
  }

  /** A value ended. `text`: of a string that may say what its object is. */
  next(text?: Uint8Array): void {
    const frame = this.frames.at(-1);
    if (frame === undefined) return;
    frame.index += 1;
    if (!frame.isObject || text === undefined || text.length > longestNeighbour) return;
    const { strings, name } = frame;
    if (name.length > longestNeighbour) return;
    const value = Buffer.from(text).toString();
    if (strings.has(name)) {
      if (strings.get(name) !== value) strings.set(name, undefined);
    } else if (strings.size < mostNeighbours) strings.set(name, value);
  }

  path(): JsonPath {
    return this.frames.map(({ isObject, name, index }) => (isObject ? name : index));
  }

  around(): Surroundings {
    return {
      sibling: (key, up = 1) => this.frames.at(-up)?.strings.get(key),
      isWhole: false,
    };
  }
}
