// node classes.mjs <file>
// Writes one byte for each code point: the class that the regular-expression engine of the npm package tiktoken gives it.
import { writeFileSync } from 'node:fs';
import { Tiktoken } from 'tiktoken';

const together = 4096;
const everyByte = `! 0 ${Array.from({ length: 256 }, (_, i) => Buffer.from([i]).toString('base64')).join(' ')}`;
const table = Buffer.alloc(0x110000, 128);
[['\\p{Lu}', 1], ['\\p{Lt}', 1], ['\\p{Ll}', 2], ['\\p{Lm}', 4], ['\\p{Lo}', 4], ['\\p{M}', 8], ['\\p{N}', 16], ['\\s', 32], ['[\\r\\n]', 64]]
  .forEach(([pattern, value]) => {
    const engine = new Tiktoken(everyByte, {}, pattern);
    for (let first = 0; first < table.length; first += together) {
      const points = Array.from({ length: together }, (_, i) => first + i).filter((point) => point < 0xd800 || point > 0xdfff);

      // What the pattern does not match gives no token; each token is a byte.
      for (const character of Buffer.from(engine.encode_ordinary(String.fromCodePoint(...points))).toString('utf8')) {
        table[character.codePointAt(0)] = value;
      }
    }
  });
writeFileSync(process.argv[2], table);
