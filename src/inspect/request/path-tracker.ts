/** Where a streamed JSON text stands: the path, and the strings seen so far beside it. */
import { Interned } from '../../body/interned.ts';
import { noName, noNumber } from '../../body/json-document.ts';
import { isValueName, labelled, labelStrength, longestLabel, mostApart } from '../../body/json-label.ts';
import type { JsonPath } from '../../body/json-path.ts';
import type { Surroundings } from '../../providers/provider.ts';

/** Longer strings do not say what a block is. */
const longestNeighbour = 128;
/** More neighbours are not remembered: an object with a type gives it early. */
const mostNeighbours = 64;

/** A string that may name the value beside it, and the place of its member. */
interface Label {
  readonly text: string;
  readonly index: number;
}

interface Frame {
  readonly isObject: boolean;
  index: number;
  name: string;
  /** Among the names that are numbered. */
  nameNumber: number;
  /** By name, the number of the value or the value itself. Undefined: the name stood twice, with different values. */
  strings: Map<string, number | string | undefined> | undefined;
  label: Label | undefined;
  weakLabel: Label | undefined;
}

/** Follows a JSON text event by event. */
export class PathTracker {
  private readonly frames: Frame[] = [];
  /** Neighbours are written out only when they are asked for. */
  private readonly values = new Interned();

  enter(isObject: boolean): void {
    this.frames.push({
      isObject,
      index: 0,
      name: '',
      nameNumber: noName,
      strings: undefined,
      label: undefined,
      weakLabel: undefined,
    });
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

  /** What the value that is being read is called, as `JsonDocument.valueName` says. */
  get valueName(): string | undefined {
    const depth = this.memberDepth();
    const frame = this.frames.at(-depth);
    if (frame?.isObject !== true) return undefined;
    if (!isValueName(frame.name)) return frame.name;
    const textOf = (label: Label | undefined): string | undefined =>
      label !== undefined && frame.index - label.index <= mostApart ? label.text : undefined;
    const around = this.frames.at(-depth - 1);
    return labelled(frame.name, {
      strong: textOf(frame.label),
      weak: textOf(frame.weakLabel),
      around: around?.isObject === true ? around.name : undefined,
    });
  }

  /** The number of that name, as `JsonDocument.nameNumber` says. */
  get valueNumber(): number {
    const frame = this.frames.at(-this.memberDepth());
    if (frame?.isObject !== true) return noName;
    return isValueName(frame.name) ? noNumber : frame.nameNumber;
  }

  /** How many levels up the member stands that the value is, or whose array it stands in. */
  private memberDepth(): number {
    return this.frames.at(-1)?.isObject === true ? 1 : 2;
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
    const strength = labelStrength(name);
    if (strength !== 'none' && end - start <= longestLabel) {
      const label = { text: Buffer.from(bytes.subarray(start, end)).toString(), index: frame.index - 1 };
      if (strength === 'strong') frame.label = label;
      else frame.weakLabel = label;
    }
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
