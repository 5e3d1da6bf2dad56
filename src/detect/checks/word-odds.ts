/** Weighs letters: were they put together as words and identifiers are, or drawn at random? */

/**
 * How much likelier a pair of letters is inside a word than where letters are drawn at random: the natural logarithm,
 * rounded, from -4 ('0') to 2 ('6'). A row for each first letter, a column for each second. Counted over 117,000
 * identifiers and words of public packages and system headers.
 */
const pairs =
  '05551350413656051666433341521140104405014103315001305032500540553262053641003052146120510411410442412120' +
  '53664552301556344666243541402044005004025004334100304000602340042430044330001050005000400120400323200020' +
  '44555450101556641466240305100040000000002000102000002300501030010312003020000053246220601501620144531040' +
  '64136100500442550031300010515655625133335302664410204455143041355645064554422061235013401510540535400030' +
  '00000000000000000000400000624463406033446204554320504050631450443254125650204061426215603331530654412250' +
  '44435330400555140545000100502050004000002000010000004000300240000330042000000020314100303040040125010010' +
  '0220201010034325003300100130005000100000300000000010';

const pairOdds = Int8Array.from(pairs, (digit) => Number(digit) - 4);

/**
 * The same for what letters of both cases do, where both occur: a small one behind a small one, a capital behind a
 * small one, a small one behind a capital, a capital behind a capital. At random each is a quarter of all.
 */
const caseOdds = [0.98, -0.63, -0.42, -1.94];

/**
 * The natural logarithm of the odds that a value's letters make words rather than are drawn at random: well above 0 for
 * words and names in camel case, the further below 0 the more letters are drawn. What is no letter parts words.
 */
export function wordOdds(value: string): number {
  const hasBothCases = /[a-z]/.test(value) && /[A-Z]/.test(value);
  let odds = 0;
  let previous = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const letter = (code | 0x20) - 0x61;
    if (letter < 0 || letter > 25 || code > 0x7a) {
      previous = 0;
      continue;
    }
    if (previous !== 0) {
      const isHump = code < 0x60 && previous > 0x60;
      if (hasBothCases) odds += caseOdds[(previous < 0x60 ? 2 : 0) + (code < 0x60 ? 1 : 0)] ?? 0;
      if (!isHump) odds += pairOdds[((previous | 0x20) - 0x61) * 26 + letter] ?? 0;
    }
    previous = code;
  }
  return odds;
}

/**
 * Whether letters alone show that a value is drawn at random. One in 60 of those that are and have 16 letters comes out
 * as words; of identifiers one in 150, run together of abbreviations, as drawn.
 */
export function isDrawn(value: string): boolean {
  return wordOdds(value) < -8;
}
