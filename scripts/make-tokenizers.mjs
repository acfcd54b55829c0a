// Makes schemas/tokenizers/*.br anew from the npm package "tiktoken" that package-lock.json pins. Run it from the repository's root:
//   node scripts/make-tokenizers.mjs
// The layout of the files is in schemas/tokenizers/README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliCompressSync, constants } from 'node:zlib';

const require = createRequire(`${process.cwd()}/package.json`);
const { Tiktoken } = require('tiktoken');

function write(name, content) {
  const compressed = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  writeFileSync(`schemas/tokenizers/${name}.br`, compressed);
  console.log(`${name}.br: ${content.length} bytes, compressed ${compressed.length}`);
}

function ranks(name) {
  const { bpe_ranks: lines } = JSON.parse(readFileSync(require.resolve(`tiktoken/encoders/${name}.json`), 'utf8'));
  const tokens = [];
  for (const line of lines.split('\n')) {
    const [, offset, ...encoded] = line.split(' ');
    encoded.forEach((text, i) => { tokens[Number(offset) + i] = Buffer.from(text, 'base64'); });
  }

  const parts = [];
  for (let rank = 0; rank < tokens.length; rank++) {
    if (!tokens[rank] || tokens[rank].length === 0 || tokens[rank].length > 255) {
      throw new Error(`${name}: rank ${rank} has no token of 1 to 255 bytes`);
    }

    parts.push(Buffer.from([tokens[rank].length]), tokens[rank]);
  }

  write(`${name}.ranks`, Buffer.concat(parts));
}

// What tiktoken's own regular-expression engine takes each code point for: one class is one bit.
function classes() {
  const patterns = { 1: '[\\p{Lu}\\p{Lt}]', 2: '\\p{Ll}', 4: '[\\p{Lm}\\p{Lo}]', 8: '\\p{M}', 16: '\\p{N}', 32: '[^\\S\\r\\n]', 64: '[\\r\\n]' };
  const other = 128;
  const table = new Uint8Array(0x110000).fill(other);
  const everyByte = `! 0 ${Array.from({ length: 256 }, (_, i) => Buffer.from([i]).toString('base64')).join(' ')}`;
  for (const [value, pattern] of Object.entries(patterns)) {
    const engine = new Tiktoken(everyByte, {}, pattern);
    for (let first = 0; first < table.length; first += 4096) {
      const points = Array.from({ length: 4096 }, (_, i) => first + i).filter((point) => point < 0xd800 || point > 0xdfff);
      const found = Buffer.from(engine.encode_ordinary(String.fromCodePoint(...points))).toString('utf8');
      for (const character of found) {
        const point = character.codePointAt(0);
        if (table[point] !== other) {
          throw new Error(`U+${point.toString(16)} is in two classes`);
        }

        table[point] = Number(value);
      }
    }

    engine.free();
  }

  const runs = [];
  for (let start = 0, end = 0; start < table.length; start = end) {
    while (end < table.length && table[end] === table[start]) {
      end++;
    }

    runs.push(table[start]);
    let length = end - start;
    for (; length > 127; length >>>= 7) {
      runs.push((length & 127) | 128);
    }

    runs.push(length);
  }

  write('code-points', Buffer.from(runs));
}

ranks('o200k_base');
ranks('cl100k_base');
classes();
