package io.millrace.log.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromiseTest {

    @Test
    void gathersValuesInTheOrderOfThePartsNotOfTheirArrival() {
        Promise<String> late = new Promise<>();
        List<List<String>> gathered = new ArrayList<>();
        Promise.all(List.of(late, Promise.of("b"))).whenDone(gathered::add);

        assertThat(gathered).isEmpty();
        late.complete("a");

        assertThat(gathered).containsExactly(List.of("a", "b"));
    }

    @Test
    void gathersNothingAtOnce() {
        assertThat(Promise.all(List.<Promise<String>>of()).isDone()).isTrue();
    }

    @Test
    void refusesASecondValue() {
        Promise<String> promise = Promise.of("a");

        assertThatThrownBy(() -> promise.complete("b")).isInstanceOf(IllegalStateException.class);
    }
}
