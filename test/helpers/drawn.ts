/** Characters drawn from an alphabet, the same for the same seed. */
import { randomFrom } from '../../src/rules/examples.ts';

export function drawn(alphabet: string, length: number, seed: number): string {
  const random = randomFrom(seed);
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}
