// node splits.mjs <encoding> <texts> <splits>
// Splits texts with the regular expression that the npm package tiktoken publishes, run by JavaScript. JavaScript's white space is another one and its
// case-insensitive groups are newer than some versions of node, so both are spelled out; where its Unicode version differs, code points become question marks.
// The input is a sequence of a little-endian 32-bit length and UTF-8; the output has after each text, so repaired, the number of its pieces and their bytes.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ofNode, ofTiktoken } from './engine.mjs';

const [, , name, textFile, splitFile] = process.argv;
const { pat_str: published } = createRequire(import.meta.url)(`tiktoken/encoders/${name}.json`);
const white = '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const pattern = published
  .replaceAll("(?i:'s|'t|'re|'ve|'m|'ll|'d)", "(?:'[sS\\u017f]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])")
  .replaceAll('[^\\s', `[^${white}`)
  .replaceAll('\\s', `[${white}]`)
  .replaceAll('\\S', `[^${white}]`);
const expression = new RegExp(pattern, 'gu');
const theirs = ofTiktoken();
const own = ofNode(`[${white}]`);
const texts = readFileSync(textFile);
const parts = [];

function append(...numbers) {
  parts.push(Buffer.from(Uint32Array.from(numbers).buffer));
}

for (let at = 0; at < texts.length;) {
  const length = texts.readUInt32LE(at);
  at += 4;
  const text = texts.toString('utf8', at, at + length).replaceAll(/[^\0-\x7f]/gu, (point) => (theirs[point.codePointAt(0)] === own[point.codePointAt(0)] ? point : '?'));
  at += length;
  const repaired = Buffer.from(text);
  append(repaired.length);
  parts.push(repaired);
  const pieces = text.match(expression) ?? [];
  append(pieces.length, ...pieces.map((piece) => Buffer.byteLength(piece)));
}

writeFileSync(splitFile, Buffer.concat(parts));
