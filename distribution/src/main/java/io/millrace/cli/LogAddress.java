package io.millrace.cli;

import io.millrace.log.server.HostPort;
import io.millrace.platform.UserError;
import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaFuture;
import picocli.CommandLine.Option;

/** The option that says which log a verb talks to, and the ways to reach it. Any Kafka will do. */
final class LogAddress {

    private static final int ANSWER_SECONDS_MAX = 15;

    @Option(
            names = {"-b", "--bootstrap"},
            paramLabel = "HOST:PORT",
            defaultValue = "localhost:9092",
            description = "the log: ours or any Kafka (default: ${DEFAULT-VALUE})")
    private String bootstrap = "localhost:9092";

    /** What an admin call, given an open client, does. */
    interface Call<T> {
        T run(Admin admin) throws ExecutionException, InterruptedException;
    }

    Properties clientConfig() {
        Properties config = new Properties();
        config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        config.put(AdminClientConfig.CLIENT_ID_CONFIG, "millrace-cli");
        return config;
    }

    /** Runs a call, and turns "nobody there" and refusals of the broker into one sentence. */
    <T> T ask(Call<T> call) throws InterruptedException {
        requireListener();
        try (Admin admin = Admin.create(clientConfig())) {
            requireAnswer(admin.describeCluster().nodes());
            return call.run(admin);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UserError(cause.getMessage() + " (log at " + bootstrap + ")", e);
        }
    }

    /** A Kafka client goes on trying where nobody listens; a person wants to be told. */
    private void requireListener() {
        IOException refusal = null;
        for (String address : bootstrap.split(",")) {
            try {
                HostPort server = HostPort.parse(address.strip());
                new Socket(server.host(), server.port()).close();
                return;
            } catch (IllegalArgumentException e) {
                throw new UserError("--bootstrap " + bootstrap + ": " + e.getMessage(), e);
            } catch (IOException e) {
                refusal = e;
            }
        }
        if (refusal != null) {
            throw unreachable(refusal);
        }
    }

    private void requireAnswer(KafkaFuture<?> answer) throws InterruptedException, ExecutionException {
        try {
            answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw unreachable(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw unreachable(e);
            }
            throw e;
        }
    }

    private UserError unreachable(Exception cause) {
        return new UserError(
                "no log answers at " + bootstrap + ": start one with `millrace server`, or name another by --bootstrap",
                cause);
    }
}
