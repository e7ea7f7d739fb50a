import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * Runs scripts of Flink SQL one after another in this process, each on Flink's own mini-cluster, until their jobs have
 * ended. Prints of each script the milliseconds that its jobs took and those of CPU that the process used meanwhile, and in the
 * end the most bytes that it ever had in memory. Arguments: scripts, and settings as key=value, which win over theirs.
 */
public final class RunScript {
  private static final Pattern SETTING = Pattern.compile("SET '(.*)' = '(.*)'");

  public static void main(String[] args) throws Exception {
    Configuration settings = new Configuration();
    List<Path> scripts = new ArrayList<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      if (equals < 0) scripts.add(Path.of(arg));
      else settings.setString(arg.substring(0, equals), arg.substring(equals + 1));
    }
    for (Path script : scripts) {
      long cpu = cpuNanos();
      long took = run(Files.readString(script), settings);
      System.out.println("took " + took + " cpu " + (cpuNanos() - cpu) / 1_000_000);
    }
    System.out.println("peak " + peakBytes());
  }

  /** Of all threads. */
  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }

  /** 0 where the system does not tell. */
  private static long peakBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) return 0;
    for (String line : Files.readAllLines(status))
      if (line.startsWith("VmHWM:")) return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    return 0;
  }

  private static long run(String script, Configuration overriding) throws Exception {
    Configuration settings = new Configuration();
    List<String> statements = new ArrayList<>();
    for (String statement : script.split(";\\n\\n")) {
      Matcher setting = SETTING.matcher(statement.strip());
      if (setting.matches()) settings.setString(setting.group(1), setting.group(2));
      else if (!statement.isBlank()) statements.add(statement.strip());
    }
    settings.addAll(overriding);
    StreamTableEnvironment tables =
        StreamTableEnvironment.create(StreamExecutionEnvironment.getExecutionEnvironment(settings));
    long took = 0;
    for (String statement : statements) {
      long start = System.nanoTime();
      TableResult result = tables.executeSql(statement);
      if (result.getJobClient().isEmpty()) continue;
      result.await();
      took += (System.nanoTime() - start) / 1_000_000;
    }
    return took;
  }
}
