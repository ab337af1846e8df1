package io.millrace.connect.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** What became of the tests of a contract. */
record Outcome(int tests, List<String> failures) {

    static Outcome of(Stream<DynamicTest> tests) {
        List<DynamicTest> all = tests.toList();
        List<String> failures = new ArrayList<>();
        for (DynamicTest test : all) {
            try {
                test.getExecutable().execute();
            } catch (Throwable e) {
                // An assertion of the contract, or whatever the connector threw: each is a failure, and told.
                failures.add(test.getDisplayName() + ": " + e.getMessage());
            }
        }
        return new Outcome(all.size(), failures);
    }
}
