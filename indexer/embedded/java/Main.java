package frontispiece.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginBundle;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Runs one node and prints on standard output either {@code listening HOST:PORT} or {@code failed REASON}.
 *
 * <p>It stops when its standard input closes, so it stops with its parent process even if that is killed. After the
 * line {@code detach} on standard input it runs until a signal stops it.
 *
 * <p>Arguments: the home folder, the folder with elasticsearch.yml, and the folders of the modules.
 */
public final class Main {
    private static final String NAME = "frontispiece";

    public static void main(String[] args) {
        // Elasticsearch redirects both streams to its logs when logging is configured.
        PrintStream parent = System.out;
        PrintStream errors = System.err;
        int status = 0;
        try {
            Node node = start(Path.of(args[0]), Path.of(args[1]), Arrays.asList(args).subList(2, args.length));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
            parent.println("listening " + address(node));
            parent.close();
            waitForTheEnd();
        } catch (Throwable error) {
            error.printStackTrace(errors);
            parent.println("failed " + reason(error));
            status = 1;
        }
        System.exit(status);
    }

    /** Returns the messages of the error and its causes on one line. */
    private static String reason(Throwable error) {
        Set<String> messages = new LinkedHashSet<>();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            messages.add(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
        }
        return String.join(": ", messages).replaceAll("\\s+", " ");
    }

    private static Node start(Path home, Path config, List<String> folders) throws Exception {
        LogConfigurator.configureESLogging();
        LogConfigurator.setNodeName(NAME);
        System.setProperty("es.path.home", home.toString());
        Settings settings = Settings.builder().put("path.home", home.toString()).build();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), config, () -> NAME);
        LogConfigurator.configure(environment, true);
        Set<PluginBundle> modules = new HashSet<>();
        for (String folder : folders) {
            modules.addAll(PluginsLoader.loadModulesBundles(Path.of(folder)));
        }
        Node node = new Node(environment, PluginsLoader.createPluginsLoader(modules, Set.of(), Map.of()));
        try {
            return node.start();
        } catch (Throwable error) {
            node.close();
            throw error;
        }
    }

    private static String address(Node node) {
        return node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().toString();
    }

    private static void waitForTheEnd() throws IOException, InterruptedException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if ("detach".equals(lines.readLine())) {
            new CountDownLatch(1).await();
        }
    }

    private static void close(Node node) {
        try {
            node.close();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
