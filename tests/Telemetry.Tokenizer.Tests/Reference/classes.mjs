// node classes.mjs <file>
// Writes one byte for each code point: the class that the regular-expression engine of the npm package tiktoken gives it.
import { writeFileSync } from 'node:fs';
import { ofTiktoken } from './engine.mjs';

writeFileSync(process.argv[2], ofTiktoken());
