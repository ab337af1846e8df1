"""Uses the broker named by the first argument with confluent-kafka-python. Prints versions, and then one line per check."""

import sys

import confluent_kafka
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

bootstrap = {"bootstrap.servers": sys.argv[1]}
print("version", confluent_kafka.version()[0] + ", librdkafka " + confluent_kafka.libversion()[0])
admin = AdminClient(bootstrap)
for future in admin.create_topics([NewTopic("confluent", 2, 1), NewTopic("confluent-copy", 1, 1)]).values():
    future.result(30)
print("topics", {"confluent", "confluent-copy"} <= set(admin.list_topics(timeout=30).topics))

errors = []


def acknowledged(error, message):
    if error is not None:
        errors.append(error)


sent = []
for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
    producer = Producer({**bootstrap, "enable.idempotence": True, "compression.type": codec, "linger.ms": 5})
    values = [b"%s-%d" % (codec.encode(), i) * 10 for i in range(200)]
    for i, value in enumerate(values):
        producer.produce("confluent", value, key=b"key-%d" % i, callback=acknowledged)
    producer.flush(30)
    sent += values
print("acknowledged", not errors)


def consumer(group, **more):
    return Consumer({**bootstrap, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False, **more})


def read(reader, count):
    values = []
    while len(values) < count:
        values += [message.value() for message in reader.consume(count - len(values), timeout=1) if not message.error()]
    return values


def read_as_member(count):
    """What a member of the group reads from where the group has committed; it commits it."""
    member = consumer("confluent-readers")
    member.subscribe(["confluent"])
    values = read(member, count)
    member.commit(asynchronous=False)
    member.close()
    return values


print("exact", sorted(read_as_member(300) + read_as_member(700)) == sorted(sent))

transactional = Producer({**bootstrap, "transactional.id": "confluent-copier"})
transactional.init_transactions(30)
source = consumer("confluent-copiers", **{"isolation.level": "read_committed"})
source.assign([TopicPartition("confluent", 0, 0)])
copied = read(source, 100)
for commits in [False, True]:
    transactional.begin_transaction()
    for value in copied:
        transactional.produce("confluent-copy", value if commits else b"aborted")
    transactional.flush(30)
    transactional.send_offsets_to_transaction(
        [TopicPartition("confluent", 0, 100)], source.consumer_group_metadata(), 30
    )
    if commits:
        transactional.commit_transaction(30)
    else:
        transactional.abort_transaction(30)
print("committed", source.committed([TopicPartition("confluent", 0)], timeout=30)[0].offset)
source.close()


def read_copy(isolation, count):
    reader = consumer("confluent-" + isolation, **{"isolation.level": isolation, "enable.partition.eof": True})
    reader.assign([TopicPartition("confluent-copy", 0, 0)])
    values = read(reader, count)
    # Then comes the end, and nothing else.
    end = reader.poll(30)
    reader.close()
    return values, end is not None and end.error() is not None and end.error().code() == confluent_kafka.KafkaError._PARTITION_EOF


print("read_committed", read_copy("read_committed", 100) == (copied, True))
print("read_uncommitted", read_copy("read_uncommitted", 200) == ([b"aborted"] * 100 + copied, True))
