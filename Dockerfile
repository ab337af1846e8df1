# The archive on a JDK. Build it first: ./millrace archive
FROM eclipse-temurin:25-jdk-noble
RUN useradd --system --create-home --home-dir /var/lib/millrace millrace
ADD --chown=root:root distribution/target/millrace-*.tar.gz /opt/
RUN mv /opt/millrace-* /opt/millrace && /opt/millrace/millrace prepare
USER millrace
WORKDIR /var/lib/millrace
VOLUME /var/lib/millrace
EXPOSE 9092 8083
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=5 \
  CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8083 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200' <&3"]
ENTRYPOINT ["/opt/millrace/millrace"]
CMD ["server", "--data-dir", "/var/lib/millrace", "--kafka-listen", "0.0.0.0:9092", "--rest-listen", "0.0.0.0:8083"]
