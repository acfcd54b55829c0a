// Writes a software bill of materials (CycloneDX 1.6) from the lock files: every NuGet package of services/ and every npm package that ships, with version and hash.
//   node scripts/sbom.mjs > artifacts/sbom.cdx.json
// The same lock files give the same bytes, but for the serial number and the time, which SOURCE_DATE_EPOCH settles.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const hex = (base64) => Buffer.from(base64, 'base64').toString('hex');
const algorithms = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };
const components = new Map();
const dependencies = new Map();

function add(component, dependsOn) {
  components.set(component['bom-ref'], { ...components.get(component['bom-ref']), ...component });
  const all = dependencies.get(component['bom-ref']) ?? new Set();
  dependsOn.forEach((d) => all.add(d));
  dependencies.set(component['bom-ref'], all);
}

function addNuget(file) {
  for (const packages of Object.values(JSON.parse(readFileSync(file, 'utf8')).dependencies)) {
    const versions = new Map(Object.entries(packages).map(([name, p]) => [name.toLowerCase(), [name, p.resolved]]));
    for (const [name, p] of Object.entries(packages)) {
      if (p.type === 'Project') continue;
      const purl = `pkg:nuget/${name}@${p.resolved}`;
      const below = Object.keys(p.dependencies ?? {}).map((d) => versions.get(d.toLowerCase())).filter((v) => v?.[1]).map(([n, v]) => `pkg:nuget/${n}@${v}`);
      add({ type: 'library', 'bom-ref': purl, name, version: p.resolved, purl, hashes: p.contentHash ? [{ alg: 'SHA-512', content: hex(p.contentHash) }] : [] }, below);
    }
  }
}

function addNpm(file) {
  for (const [path, p] of Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)) {
    if (path === '' || p.dev) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const purl = `pkg:npm/${name.replace('@', '%40')}@${p.version}`;
    const [algorithm, digest] = (p.integrity ?? '').split(/-(.*)/);
    add({
      type: 'library', 'bom-ref': purl, name, version: p.version, purl,
      hashes: algorithms[algorithm] ? [{ alg: algorithms[algorithm], content: hex(digest) }] : [],
      ...(p.license ? { licenses: [{ expression: p.license }] } : {}),
    }, []);
  }
}

const locks = readdirSync('services').map((project) => join('services', project, 'packages.lock.json')).filter((f) => existsSync(f)).sort();
if (locks.length === 0) {
  console.error('No packages.lock.json below services/; run scripts/lock.sh first.');
  process.exit(1);
}

locks.forEach(addNuget);
addNpm('package-lock.json');
// Of the system, not of a feed: the containers install it, and scripts/install.sh elsewhere.
add({ type: 'library', 'bom-ref': 'pkg:deb/librdkafka1', name: 'librdkafka1', purl: 'pkg:deb/librdkafka1' }, []);

const list = [...components.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));
const digest = createHash('sha256').update(JSON.stringify(list)).digest('hex');
const at = process.env.SOURCE_DATE_EPOCH ? new Date(Number(process.env.SOURCE_DATE_EPOCH) * 1000) : new Date();
console.log(JSON.stringify({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`,
  version: 1,
  metadata: { timestamp: at.toISOString().replace(/\.\d+Z/, 'Z'), component: { type: 'application', 'bom-ref': 'telemetry', name: 'telemetry' } },
  components: list,
  dependencies: [...dependencies].map(([ref, on]) => ({ ref, dependsOn: [...on].filter((d) => components.has(d)).sort() })).sort((a, b) => (a.ref < b.ref ? -1 : 1)),
}, null, 2));
