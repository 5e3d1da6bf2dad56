/** What a detector said of texts before: an assistant sends the whole conversation with every request. */
import type { Spot } from '../../core/detector.ts';

/** Answers in each of two generations: what was used last is kept, whatever comes in between. */
const generationSize = 16_384;
/** Texts with more in them are rare; remembering them would cost more than asking again. */
const mostSpots = 2048;

const nothing: readonly Spot[] = [];

/** Answers by the digest of their text, never its bytes. One for each detector, as configured. */
export interface AnswerMemory {
  get(key: string): readonly Spot[] | undefined;
  add(key: string, spots: readonly Spot[]): void;
}

/** Makes an empty memory. @param size the most answers of a generation */
export function createAnswerMemory(size = generationSize): AnswerMemory {
  let young = new Map<string, readonly Spot[]>();
  let old = new Map<string, readonly Spot[]>();

  function keep(key: string, spots: readonly Spot[]): void {
    if (young.size >= size) {
      old = young;
      young = new Map();
    }
    young.set(key, spots.length === 0 ? nothing : spots);
  }

  return {
    get(key) {
      const known = young.get(key);
      if (known !== undefined) return known;
      const older = old.get(key);
      if (older !== undefined) keep(key, older);
      return older;
    },
    add(key, spots) {
      if (spots.length <= mostSpots) keep(key, spots);
    },
  };
}
