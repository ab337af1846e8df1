// Uses the broker named by the first argument with kafkajs, which is in the directory named by the second. Prints its
// version, and then one line per check.

const [bootstrap, library] = process.argv.slice(2);
const { CompressionTypes, Kafka, logLevel } = require(library);

const kafka = new Kafka({ clientId: 'kafkajs', brokers: [bootstrap], logLevel: logLevel.NOTHING });

const texts = (prefix, count) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
const messages = (values) => values.map((value, i) => ({ key: `key-${i}`, value }));
const same = (some, others) => JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());

/** What a member of the group reads from where the group has committed, until there are so many; it commits each. */
async function read(groupId, topic, count, { readUncommitted = false } = {}) {
  const consumer = kafka.consumer({ groupId, readUncommitted, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values = [];
  await new Promise((done, failed) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => failed(payload.error));
    consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        if (values.length === count) return;
        values.push(message.value.toString());
        await consumer.commitOffsets([{ topic, partition, offset: String(Number(message.offset) + 1) }]);
        if (values.length === count) done();
      },
    });
  });
  await consumer.disconnect();
  return values;
}

async function produceAndConsume(admin) {
  const sent = [];
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  for (const [name, compression] of [['none', CompressionTypes.None], ['gzip', CompressionTypes.GZIP]]) {
    const values = texts(name, 100);
    await producer.send({ topic: 'kafkajs', acks: -1, compression, messages: messages(values) });
    sent.push(...values);
  }
  await producer.disconnect();

  const first = await read('kafkajs-readers', 'kafkajs', 80);
  const second = await read('kafkajs-readers', 'kafkajs', 120);
  console.log('exact', same([...first, ...second], sent));
  const [{ partitions }] = await admin.fetchOffsets({ groupId: 'kafkajs-readers', topics: ['kafkajs'] });
  console.log('committed', partitions.reduce((sum, { offset }) => sum + Number(offset), 0));
}

async function transactions(admin) {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, transactionalId: 'kafkajs' });
  await producer.connect();
  for (const ending of ['abort', 'commit']) {
    const transaction = await producer.transaction();
    await transaction.send({ topic: 'kafkajs-copy', messages: messages(texts(ending, 20)) });
    const offset = ending === 'commit' ? '20' : '10';
    const topics = [{ topic: 'kafkajs', partitions: [{ partition: 0, offset }] }];
    await transaction.sendOffsets({ consumerGroupId: 'kafkajs-copiers', topics });
    await transaction[ending]();
  }
  await producer.disconnect();

  const [{ partitions }] = await admin.fetchOffsets({ groupId: 'kafkajs-copiers', topics: ['kafkajs'] });
  console.log('committed', partitions.find(({ partition }) => partition === 0).offset);
  console.log('read_committed', same(await read('committed', 'kafkajs-copy', 20), texts('commit', 20)));
  const all = await read('uncommitted', 'kafkajs-copy', 40, { readUncommitted: true });
  console.log('read_uncommitted', same(all, [...texts('abort', 20), ...texts('commit', 20)]));
}

async function main() {
  console.log('version', require(`${library}/package.json`).version);
  const admin = kafka.admin();
  await admin.connect();
  const topics = [
    { topic: 'kafkajs', numPartitions: 2 },
    { topic: 'kafkajs-copy', numPartitions: 1 },
  ];
  await admin.createTopics({ topics });
  console.log('topics', (await admin.listTopics()).includes('kafkajs'));
  await produceAndConsume(admin);
  await transactions(admin);
  await admin.disconnect();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
