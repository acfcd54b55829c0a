// node tiktoken-speed.mjs <encoding> <file> <rounds>
// Encodes the file's lines, each a JSON text, round after round with the npm package tiktoken; prints the tokens and the seconds of the fastest round.
import { readFileSync } from 'node:fs';
import { get_encoding } from 'tiktoken';

const [, , name, file, rounds] = process.argv;
const encoding = get_encoding(name);
const texts = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
let best = Infinity;
let tokens = 0;
for (let round = 0; round < Number(rounds); round++) {
  const start = process.hrtime.bigint();
  tokens = 0;
  for (const text of texts) {
    tokens += encoding.encode_ordinary(text).length;
  }

  best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e9);
}

console.log(`${tokens} ${best}`);
