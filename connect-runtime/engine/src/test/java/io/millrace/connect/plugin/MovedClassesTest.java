package io.millrace.connect.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MovedClassesTest {

    private static final String OLD = "org.apache.kafka.common.utils.";

    private final RuntimeView view = new RuntimeView(MovedClassesTest.class.getClassLoader(), List.of());

    @Test
    void aClassThatHasMovedIsFoundUnderItsOldName() throws ReflectiveOperationException {
        Class<?> found = view.loadClass(OLD + "AppInfoParser");

        assertThat(found.getName()).isEqualTo(OLD + "AppInfoParser");
        assertThat(found.getMethod("getVersion").invoke(null)).asString().matches("\\d+\\.\\d+\\.\\d+");
        assertThat(view.loadClass(OLD + "AppInfoParser")).isSameAs(found);
    }

    @Test
    void nestedClassesMoveAlong() throws ReflectiveOperationException {
        Class<?> nested = view.loadClass(OLD + "ImplicitLinkedHashCollection$Element");

        assertThat(nested.getNestHost()).isSameAs(view.loadClass(OLD + "ImplicitLinkedHashCollection"));
        assertThat(Class.forName(OLD + "ImplicitLinkedHashCollection", true, view)
                        .getDeclaredConstructor()
                        .newInstance())
                .hasToString("[]");
    }

    @Test
    void classesThatHaveNotMovedAreThoseOfTheRuntime() throws ClassNotFoundException {
        assertThat(view.loadClass(OLD + "Time")).isSameAs(org.apache.kafka.common.utils.Time.class);
        assertThatThrownBy(() -> view.loadClass(OLD + "NoSuch")).isInstanceOf(ClassNotFoundException.class);
    }
}
