package io.millrace.rules;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the compiled code of every module against {@code floors.txt} and the rules of the kernel. */
class ArchitectureTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** What would make two runs of the kernel from one seed differ: clocks, chance, threads, unordered collections. */
    private static final Set<String> BANNED_IN_KERNEL = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Math.random",
            "java.time.Instant.now",
            "java.time.LocalDateTime.now",
            "java.util.UUID.randomUUID",
            "org.apache.kafka.common.Uuid.randomUuid",
            "java.util.Collection.parallelStream",
            "java.util.Random.<init>",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.lang.Thread.<init>",
            "java.lang.Thread.ofVirtual",
            "java.lang.Thread.ofPlatform",
            "java.lang.Thread.sleep",
            "java.util.concurrent.Executors.newCachedThreadPool",
            "java.util.concurrent.Executors.newFixedThreadPool",
            "java.util.HashMap.<init>",
            "java.util.HashSet.<init>",
            "org.slf4j.LoggerFactory.getLogger");

    private static Floors floors;
    private static JavaClasses classes;
    private static JavaClasses kernel;

    @BeforeAll
    static void readCode() throws IOException {
        floors = Floors.read(Path.of("floors.txt"));
        List<Path> modules = compiledModules();
        assertThat(modules)
                .as("compiled modules below %s; run ./millrace test, which compiles first", ROOT)
                .isNotEmpty();
        classes = new ClassFileImporter().importPaths(modules);
        kernel = new ClassFileImporter().importPaths(ROOT.resolve("log-broker/kernel/target/classes"));
    }

    private static List<Path> compiledModules() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 4)) {
            return files.filter(path -> path.endsWith("target/classes"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyPackageStandsOnAFloor() {
        Set<String> homeless = new TreeSet<>();
        for (JavaClass type : classes) {
            if (floors.floorOf(type.getPackageName()).isEmpty()) {
                homeless.add(type.getPackageName());
            }
        }
        assertThat(homeless)
                .as("packages missing in build-rules/floors.txt: give each a line there, with what it may import")
                .isEmpty();
    }

    @Test
    void importsGoDownOnly() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : classes) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                checkImport(dependency, wrong);
            }
        }
        assertThat(wrong)
                .as("imports that build-rules/floors.txt does not list: move the class to the floor it belongs to, "
                        + "hand the value down as an argument, or change the map with a decision record")
                .isEmpty();
    }

    private static void checkImport(Dependency dependency, Set<String> wrong) {
        String from =
                floors.floorOf(dependency.getOriginClass().getPackageName()).orElse("");
        String to = floors.floorOf(dependency.getTargetClass().getPackageName()).orElse("");
        if (!from.isEmpty() && !to.isEmpty() && !floors.permits(from, to)) {
            wrong.add("%s must not import %s (floor %s may import: %s)"
                    .formatted(
                            dependency.getOriginClass().getName(),
                            dependency.getTargetClass().getName(),
                            from,
                            floors.allowed().get(from)));
        }
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.millrace.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void kernelOwnsNoClockChanceThreadOrLogger() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : kernel) {
            for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                String target = access.getTargetOwner().getName() + "." + access.getName();
                if (BANNED_IN_KERNEL.contains(target)) {
                    wrong.add(access.getDescription());
                }
            }
        }
        assertThat(wrong)
                .as("the kernel must run the same way twice from one seed: take time, chance and threads as "
                        + "arguments, and use LinkedHashMap or TreeMap in place of HashMap")
                .isEmpty();
    }
}
