"""Produces to and consumes from the broker named by the first argument, with kafka-python. Prints one line per check."""

import sys

from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

bootstrap = sys.argv[1]
admin = KafkaAdminClient(bootstrap_servers=bootstrap)
admin.create_topics([NewTopic("python", 2, 1)])
print("topics", "python" in admin.list_topics())

producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", compression_type="gzip", linger_ms=5)
sent = [b"value-%d" % i for i in range(500)]
for future in [producer.send("python", value, key=b"key-%d" % i) for i, value in enumerate(sent)]:
    future.get(30)
producer.close()

consumer = KafkaConsumer(
    "python",
    bootstrap_servers=bootstrap,
    group_id="python-readers",
    auto_offset_reset="earliest",
    enable_auto_commit=False,
)
read = []
while len(read) < len(sent):
    for records in consumer.poll(timeout_ms=1000).values():
        read.extend(record.value for record in records)
consumer.commit()
consumer.close()
print("exact", sorted(read) == sorted(sent))

offsets = admin.list_consumer_group_offsets("python-readers")
print("committed", sum(offset.offset for offset in offsets.values()))
