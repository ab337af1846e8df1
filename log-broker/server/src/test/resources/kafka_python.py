"""Uses the broker named by the first argument with kafka-python. Prints its version, and then one line per check."""

import sys

import kafka
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

bootstrap = sys.argv[1]
print("version", kafka.__version__)
admin = KafkaAdminClient(bootstrap_servers=bootstrap)
admin.create_topics([NewTopic("python", 2, 1)])
print("topics", "python" in admin.list_topics())

sent = []
for codec in [None, "gzip"]:
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", compression_type=codec, linger_ms=5)
    values = [b"%s-%d" % (str(codec).encode(), i) for i in range(250)]
    for future in [producer.send("python", value, key=b"key-%d" % i) for i, value in enumerate(values)]:
        future.get(30)
    producer.close()
    sent += values


def read(count):
    """What a member of the group reads from where the group has committed, until there are so many; it commits them."""
    consumer = KafkaConsumer(
        "python",
        bootstrap_servers=bootstrap,
        group_id="python-readers",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_poll_records=10,
    )
    values = []
    while len(values) < count:
        for records in consumer.poll(timeout_ms=1000).values():
            values.extend(record.value for record in records)
    consumer.commit()
    consumer.close()
    return values


first = read(100)
print("part", len(first) < len(sent))
print("exact", sorted(first + read(len(sent) - len(first))) == sorted(sent))

offsets = admin.list_consumer_group_offsets("python-readers")
print("committed", sum(offset.offset for offset in offsets.values()))
