// node classes.mjs <file>
// Writes one byte for each code point: the class that the regular-expression engine of the npm package tiktoken gives it.
import { writeFileSync } from 'node:fs';
import { Tiktoken } from 'tiktoken';

const everyByte = `! 0 ${Array.from({ length: 256 }, (_, i) => Buffer.from([i]).toString('base64')).join(' ')}`;
const table = Buffer.alloc(0x110000, 128);
[['\\p{Lu}', 1], ['\\p{Lt}', 1], ['\\p{Ll}', 2], ['\\p{Lm}', 4], ['\\p{Lo}', 4], ['\\p{M}', 8], ['\\p{N}', 16], ['\\s', 32], ['[\\r\\n]', 64]]
  .forEach(([pattern, value]) => {
    const engine = new Tiktoken(everyByte, {}, pattern);
    for (let point = 0; point < table.length; point++) {
      if ((point < 0xd800 || point > 0xdfff) && engine.encode_ordinary(String.fromCodePoint(point)).length > 0) {
        table[point] = value;
      }
    }
  });
writeFileSync(process.argv[2], table);
