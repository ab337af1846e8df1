package io.millrace.log.group;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where one answer arrives. A second answer to the same call is a bug, and fails the test. */
final class Answer<A> implements Consumer<A> {

    private @Nullable A value;

    @Override
    public void accept(A answer) {
        if (value != null) {
            throw new AssertionError("answered twice: " + value + ", then " + answer);
        }
        value = answer;
    }

    boolean arrived() {
        return value != null;
    }

    A get() {
        if (value == null) {
            throw new AssertionError("not answered yet");
        }
        return value;
    }
}
