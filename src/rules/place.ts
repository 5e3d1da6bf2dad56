/** Says where in a YAML file something stands. */
import type { Document, LineCounter, Node } from 'yaml';
import { yaml } from './yaml.ts';

/** `file:line:column` of the node at a path; of the deepest part of the path that exists. */
export function placeOf(file: string, document: Document, lines: LineCounter, path: readonly PropertyKey[]): string {
  const offset = offsetOf(document.contents, path);
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}

function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  const { isMap, isPair, isScalar, isSeq } = yaml();
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (!isPair(pair)) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      if (isMap(node) || isScalar(node) || isSeq(node)) offset = node.range?.[0] ?? offset;
    } else {
      break;
    }
  }
  return offset;
}
