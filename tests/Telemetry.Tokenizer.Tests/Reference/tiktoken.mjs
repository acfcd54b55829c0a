// node tiktoken.mjs <encoding> <ordinary|special> <texts> <tokens>
// Encodes with the npm package tiktoken. Both files are sequences of a little-endian 32-bit length and content: bytes of UTF-8 there, 32-bit tokens here.
import { readFileSync, writeFileSync } from 'node:fs';
import { get_encoding } from 'tiktoken';

const [, , name, mode, textFile, tokenFile] = process.argv;
const encoding = get_encoding(name);
const texts = readFileSync(textFile);
const parts = [];
for (let at = 0; at < texts.length;) {
  const length = texts.readUInt32LE(at);
  at += 4;
  const text = texts.toString('utf8', at, at + length);
  at += length;
  const tokens = mode === 'special' ? encoding.encode(text, 'all') : encoding.encode_ordinary(text);
  parts.push(Buffer.from(Uint32Array.of(tokens.length).buffer), Buffer.from(tokens.buffer, tokens.byteOffset, tokens.byteLength));
}

writeFileSync(tokenFile, Buffer.concat(parts));
