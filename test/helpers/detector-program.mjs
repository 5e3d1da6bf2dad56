/** A detector as a program of its own: sees one name, and does what else a text asks of it. */
import { createInterface } from 'node:readline';

const seen = { 'Anna Schmidt': 'PERSON', Köln: 'LOCATION' };
const say = (line) => process.stdout.write(`${line}\n`);

function resultsOf({ text, score_threshold: least, entities }) {
  return Object.entries(seen).flatMap(([word, label]) => {
    const results = [];
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
      // As Python counts.
      const start = Array.from(text.slice(0, at)).length;
      results.push({ entity_type: label, start, end: start + Array.from(word).length, score: 0.85 });
    }
    return results.filter(({ entity_type: found, score }) => entities.includes(found) && score >= least);
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const { id, text } = question;
  if (text.includes('please crash')) process.exit(3);
  else if (text.includes('please hang')) continue;
  else if (text.includes('please complain')) process.stderr.write(`cannot read: ${text}\n`);
  else if (text.includes('please babble')) say('not JSON');
  else if (text.includes('please repeat')) say(JSON.stringify({ id: id + 1000, results: [] }));
  else if (text.includes('please fail')) say(JSON.stringify({ id, error: `cannot read ${text}` }));
  else if (text.includes('please ramble')) say('x'.repeat(5 * 1024 * 1024));
  else if (text.includes('where are you')) {
    say(
      JSON.stringify({ id, results: { folder: process.cwd(), variables: Object.keys(process.env), pid: process.pid } }),
    );
  }
  if (!text.startsWith('please') && !text.startsWith('where'))
    say(JSON.stringify({ id, results: resultsOf(question) }));
}
