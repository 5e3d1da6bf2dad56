/** The arithmetic of check digits that numbering systems share, over strings of digits. */

/** A digit's value at a position; 0 past the end. */
export function digitAt(digits: string, at: number): number {
  const code = digits.charCodeAt(at);
  return code >= 48 && code <= 57 ? code - 48 : 0;
}

/** The sum of a string's leading digits, each times its weight. */
export function weighted(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += digitAt(digits, i) * (weights[i] ?? 0);
  return sum;
}

/** The remainder of an integer of any length. */
export function remainder(digits: string, modulus: number): number {
  let rest = 0;
  for (let i = 0; i < digits.length; i++) rest = (rest * 10 + digitAt(digits, i)) % modulus;
  return rest;
}

/** Multiplication in the dihedral group of order ten, and the permutations by position (Verhoeff, 1969). */
const dihedral = (a: number, b: number): number => {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b - 5) % 5);
  return b < 5 ? 5 + ((((a - 5 - b) % 5) + 5) % 5) : (((a - b) % 5) + 5) % 5;
};
const firstPermutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
const permutations = Array.from({ length: 8 }, (_, power) =>
  Array.from({ length: 10 }, (__, digit) => {
    let moved = digit;
    for (let i = 0; i < power; i++) moved = firstPermutation[moved] ?? 0;
    return moved;
  }),
);

/** Whether a number's last digit is its Verhoeff check digit. */
export function passesVerhoeff(digits: string): boolean {
  let check = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digitAt(digits, digits.length - 1 - i);
    check = dihedral(check, permutations[i % 8]?.[digit] ?? 0);
  }
  return check === 0;
}

/** Whether a number's last digit is its check digit by ISO/IEC 7064, MOD 11,10. */
export function passesMod11And10(digits: string): boolean {
  let check = 10;
  for (let i = 0; i < digits.length - 1; i++) {
    const sum = (check + digitAt(digits, i)) % 10 || 10;
    check = (sum * 2) % 11;
  }
  return (check + digitAt(digits, digits.length - 1)) % 10 === 1;
}

const daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a day exists in a month; 29 February in leap years, or in any where the year is not given. */
export function isDay(month: number, day: number, year?: number): boolean {
  if (day < 1 || day > (daysInMonth[month - 1] ?? 0)) return false;
  return month !== 2 || day < 29 || year === undefined || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

/** Whether `YYMMDD` is a day of some century. */
export function isYymmdd(digits: string): boolean {
  return isDay(Number(digits.slice(2, 4)), Number(digits.slice(4, 6)));
}

/** Whether `DDMMYY` is a day of some century. */
export function isDdmmyy(digits: string): boolean {
  return isDay(Number(digits.slice(2, 4)), Number(digits.slice(0, 2)));
}

/** Whether `YYYYMMDD` is a day on which somebody now alive can have been born. */
export function isBirthday(digits: string): boolean {
  const year = Number(digits.slice(0, 4));
  return year >= 1890 && year < 2100 && isDay(Number(digits.slice(4, 6)), Number(digits.slice(6, 8)), year);
}

/** Whether all digits of a number are the same. */
export function isOneDigit(digits: string): boolean {
  return /^(\d)\1*$/.test(digits);
}
