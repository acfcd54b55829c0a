// node tables.mjs <encoding> <file>
// Writes every token of the npm package tiktoken in the order of its rank: one byte with its length, then its bytes.
import { writeFileSync } from 'node:fs';
import { get_encoding } from 'tiktoken';

const [, , name, file] = process.argv;
const encoding = get_encoding(name);
const parts = [];
for (let token = 0; ; token++) {
  let bytes;
  try {
    bytes = encoding.decode_single_token_bytes(token);
  } catch {
    break;
  }

  if (bytes.length === 0) {
    break;
  }

  parts.push(Buffer.from([bytes.length]), bytes);
}

writeFileSync(file, Buffer.concat(parts));
