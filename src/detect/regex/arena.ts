/** The memory that the automata of one matcher share: rows of transitions, made as texts need them, forgotten together. */

/** The most numbers in the rows: 2 MiB. Beyond, all states are forgotten and built anew, whatever the text. */
export const mostCells = 2 ** 19;
const firstCells = 4096;
/** The row at offset 0 belongs to the state from which nothing matches; it is wide enough for every automaton. */
const deadCells = 258;
/** An automaton begins in one of so many states, by what stands before. */
export const initialsPerAutomaton = 4;

/** Rows of numbers; -1 where a transition is not built yet. */
export interface Arena {
  /** The rows as they are now; replaced when they grow or move. */
  readonly cells: () => Int32Array;
  /** The states to begin with, {@link initialsPerAutomaton} for each automaton, -1 where not yet built. */
  readonly initials: () => Int32Array;
  /** How often everything was forgotten: offsets kept from before are void. */
  readonly generation: () => number;
  /** Room for the initial states of one more automaton; its number. */
  register(): number;
  /** A fresh row of so many cells; its offset. May forget everything. */
  allocate(width: number): number;
  /** Moves everything into other memory, which then bounds it. */
  moveTo(cells: Int32Array, initials: Int32Array): void;
}

/** An arena of its own for a matcher, or for an automaton under test. */
export function createArena(): Arena {
  let cells: Int32Array = new Int32Array(firstCells);
  let initials: Int32Array = new Int32Array(initialsPerAutomaton * 16).fill(-1);
  let most = mostCells;
  let used = deadCells;
  let generation = 0;
  let automata = 0;

  return {
    cells: () => cells,
    initials: () => initials,
    generation: () => generation,
    register() {
      const number = automata++;
      if (automata * initialsPerAutomaton > initials.length) {
        const larger = new Int32Array(initials.length * 2).fill(-1);
        larger.set(initials);
        initials = larger;
      }
      return number;
    },
    allocate(width) {
      if (used + width > most) {
        generation++;
        used = deadCells;
        initials.fill(-1);
      }
      if (used + width > cells.length) {
        const larger = new Int32Array(Math.min(most, Math.max(cells.length * 2, used + width)));
        larger.set(cells);
        cells = larger;
      }
      const offset = used;
      used += width;
      cells.fill(-1, offset, used);
      return offset;
    },
    moveTo(otherCells, otherInitials) {
      most = otherCells.length;
      if (used > most) {
        generation++;
        used = deadCells;
        initials.fill(-1);
      }
      otherCells.set(cells.subarray(0, used));
      otherInitials.fill(-1);
      otherInitials.set(initials.subarray(0, otherInitials.length));
      cells = otherCells;
      initials = otherInitials;
    },
  };
}
