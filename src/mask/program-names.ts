/** What shells and interpreters of program text are called: whoever judges a command line must know the same ones. */

/** Programs that read a command line, as part of a pattern. */
export const shellNames = '(?:ba|z|k|da|a|fi|tc|c)?sh|pwsh|powershell|cmd(?:\\.exe)?';

/** Programs that read program text in another language, as part of a pattern. */
export const interpreterNames =
  'python[\\d.]*|node|nodejs|deno|bun|perl|ruby|php|osascript|lua[\\d.]*|Rscript|julia|pwsh|powershell';

/** A whole word that is one of the names, with or without its path. */
export function namedOneOf(names: string): RegExp {
  return new RegExp(`^(?:.*/)?(?:${names})$`);
}
