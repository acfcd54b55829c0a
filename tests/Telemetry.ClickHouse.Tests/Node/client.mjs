// Drives the official npm client against the front; every failed assertion ends the process with an error.
import assert from 'node:assert/strict';
import { createClient } from '@clickhouse/client';

const [url, password, database] = process.argv.slice(2);
const options = { url, username: 'default', password, database };
const client = createClient({ ...options, compression: { request: true, response: true } });

assert.equal((await client.ping()).success, true);
assert.equal((await client.ping({ select: true })).success, true);
await client.command({ query: 'CREATE TABLE t (n UInt64, s String, a Array(String)) ENGINE = MergeTree ORDER BY n' });

const rows = Array.from({ length: 5000 }, (_, n) => ({ n: String(n), s: `it's ${n} \\ \t`, a: ['x', `${n}`] }));
const inserted = await client.insert({ table: 't', values: rows, format: 'JSONEachRow' });
assert.equal(inserted.executed, true);
assert.equal(inserted.summary.written_rows, '5000');

const bound = await client.query({
  query: 'SELECT n, s, a FROM t WHERE n IN ({ns:Array(UInt64)}) AND s != {s:String} ORDER BY n',
  query_params: { ns: [1, 4999], s: "' OR 1 = 1 --" },
  format: 'JSONEachRow',
  clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
});
assert.deepEqual(await bound.json(), [rows[1], rows[4999]]);

const json = await (await client.query({ query: 'SELECT count() AS c FROM t', format: 'JSON', query_id: 'from-node' })).json();
assert.equal(json.rows, 1);
assert.equal(Number(json.data[0].c), 5000);

let streamed = 0;
const big = await client.query({ query: 'SELECT number FROM numbers(300000)', format: 'JSONCompactEachRow' });
for await (const chunk of big.stream()) {
  streamed += chunk.length;
}
assert.equal(streamed, 300000);

await assert.rejects(client.query({ query: 'SELECT * FROM nowhere' }), (e) => e.code === '60' && e.type === 'UNKNOWN_TABLE');
await assert.rejects(async () => {
  const result = await client.query({ query: 'SELECT number, throwIf(number = 250000) FROM numbers(300000)', format: 'JSONEachRow' });
  for await (const chunk of result.stream()) {
    assert.ok(chunk.length > 0);
  }
});
const stranger = createClient({ ...options, password: 'wrong' });
await assert.rejects(stranger.query({ query: 'SELECT 1' }), (e) => e.code === '516');
await stranger.close();

const reader = createClient({ url, username: 'reader', password: 'look', database });
assert.equal((await (await reader.query({ query: 'SELECT 1 AS x', format: 'JSONEachRow' })).json())[0].x, 1);
await assert.rejects(reader.command({ query: 'DROP TABLE t' }), (e) => e.code === '164' && e.type === 'READONLY');
await reader.close();

const session = createClient({ ...options, session_id: 'one' });
assert.equal((await session.query({ query: 'SELECT 1', format: 'CSV' }).then((r) => r.text())).trim(), '1');
await session.close();
await client.close();
console.log('all good');
