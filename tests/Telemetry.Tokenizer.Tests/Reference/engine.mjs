// What a regular-expression engine takes each code point for: one byte each, 128 for what is in none of the classes.
import { Tiktoken } from 'tiktoken';

const together = 4096;
const classes = [['\\p{Lu}', 1], ['\\p{Lt}', 1], ['\\p{Ll}', 2], ['\\p{Lm}', 4], ['\\p{Lo}', 4], ['\\p{M}', 8], ['\\p{N}', 16]];

// Gives of a text what a pattern matches.
function table(patterns, matching) {
  const found = Buffer.alloc(0x110000, 128);
  for (const [pattern, value] of patterns) {
    const matches = matching(pattern);
    for (let first = 0; first < found.length; first += together) {
      const points = Array.from({ length: together }, (_, i) => first + i).filter((point) => point < 0xd800 || point > 0xdfff);
      for (const character of matches(String.fromCodePoint(...points))) {
        found[character.codePointAt(0)] = value;
      }
    }
  }

  return found;
}

// The engine of tiktoken: what the pattern does not match gives no token, and each token is a byte.
export const ofTiktoken = () => table([...classes, ['\\s', 32], ['[\\r\\n]', 64]], (pattern) => {
  const everyByte = `! 0 ${Array.from({ length: 256 }, (_, i) => Buffer.from([i]).toString('base64')).join(' ')}`;
  const engine = new Tiktoken(everyByte, {}, pattern);
  return (text) => Buffer.from(engine.encode_ordinary(text)).toString('utf8');
});

// The engine of node, with white space as a set of its own.
export const ofNode = (white) => table([...classes, [white, 32], ['[\\r\\n]', 64]], (pattern) => {
  const expression = new RegExp(pattern, 'gu');
  return (text) => (text.match(expression) ?? []).join('');
});
