package io.millrace.rules;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The sizes of one Java file, as the compiler's own parser sees them. */
final class SourceFile {

    /** One method: its first line, length in lines, parameters and deepest nesting of control statements. */
    record Method(String name, long line, long lines, int parameters, int nesting) {}

    private SourceFile() {}

    static List<Method> methods(Path file) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(file));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            List<Method> methods = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodScanner(unit, positions, methods).scan(unit, null);
            }
            return methods;
        }
    }

    private static final class MethodScanner extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Method> methods;

        MethodScanner(CompilationUnitTree unit, SourcePositions positions, List<Method> methods) {
            this.unit = unit;
            this.positions = positions;
            this.methods = methods;
        }

        @Override
        public Void visitMethod(MethodTree method, Void ignored) {
            long start = line(positions.getStartPosition(unit, method));
            long end = line(positions.getEndPosition(unit, method));
            NestingScanner nesting = new NestingScanner();
            BlockTree body = method.getBody();
            if (body != null) {
                nesting.scan(body, null);
            }
            methods.add(new Method(
                    method.getName().toString(),
                    start,
                    end - start + 1,
                    method.getParameters().size(),
                    nesting.deepest));
            return super.visitMethod(method, null);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }

    /** Counts control statements inside each other; {@code else if} counts as one with its {@code if}. */
    private static final class NestingScanner extends TreeScanner<Void, Void> {
        private final Set<Tree> elseIfs = Collections.newSetFromMap(new IdentityHashMap<>());
        private int depth;
        private int deepest;

        @Override
        public Void scan(Tree tree, Void ignored) {
            boolean nests = tree != null && nests(tree) && !elseIfs.contains(tree);
            depth += nests ? 1 : 0;
            deepest = Math.max(deepest, depth);
            super.scan(tree, null);
            depth -= nests ? 1 : 0;
            return null;
        }

        @Override
        public Void visitIf(IfTree tree, Void ignored) {
            if (tree.getElseStatement() instanceof IfTree next) {
                elseIfs.add(next);
            }
            return super.visitIf(tree, null);
        }

        private static boolean nests(Tree tree) {
            return tree instanceof IfTree
                    || tree instanceof ForLoopTree
                    || tree instanceof EnhancedForLoopTree
                    || tree instanceof WhileLoopTree
                    || tree instanceof DoWhileLoopTree
                    || tree instanceof SwitchTree
                    || tree instanceof TryTree;
        }
    }
}
