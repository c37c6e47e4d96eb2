///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//SOURCES ../sync-data.java
//SOURCES ../checks/*.java
//SOURCES ../checks/check-on-spark/CheckOnSparkOptions.java
//MAIN OptionsPage

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.text.WordUtils;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import syncdata.command.ScriptCommand;

/** Prints docs/options.md: what the scripts say of their own options. */
class OptionsPage {
    /** These headings stand once, for all scripts: their options are the same wherever they are. */
    private static final Set<String> ONCE = Set.of("Help:", "Where the databases are:");

    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws Exception {
        List<CommandSpec> scripts = new ArrayList<>();
        for (Class<?> script : OperatorScripts.byName().values()) {
            scripts.add(new CommandLine(script).getCommandSpec());
        }
        OUT.println("""
                # All options

                <!-- Made from the scripts themselves: ./jbang options-page > docs/options.md -->

                `./jbang NAME --help` says the same of one script, with its exit codes and examples. A TIME is
                written like 500ms, 0.5s, 30s, 5m or 2h. A list `A,B` may also be given as several options.
                """.strip());
        OUT.println();
        OUT.println(scripts.stream().map(script -> "[" + script.name() + "](#" + script.name() + ")")
                .collect(Collectors.joining(",\n", "Scripts: ", "")));
        shared(scripts).forEach(OptionsPage::printShared);
        scripts.forEach(OptionsPage::print);
    }

    /** The options that stand once, by their headings. */
    private static Map<String, Map<String, ArgSpec>> shared(List<CommandSpec> scripts) {
        Map<String, Map<String, ArgSpec>> shared = new LinkedHashMap<>();
        for (CommandSpec script : scripts) {
            ScriptCommand.optionsByHeading(script).forEach((heading, options) -> {
                if (ONCE.contains(heading)) {
                    options.forEach(option -> shared.computeIfAbsent(heading, key -> new LinkedHashMap<>())
                            .putIfAbsent(option.longestName(), option));
                }
            });
        }
        return shared;
    }

    private static void printShared(String heading, Map<String, ArgSpec> options) {
        boolean help = heading.equals("Help:");
        OUT.println("\n## " + (help ? "Every script" : "Every script that connects to databases"));
        OUT.println();
        printTable(options.values());
    }

    private static void print(CommandSpec script) {
        OUT.println("\n## " + script.name());
        OUT.println();
        String description = Stream.of(script.usageMessage().description()).map(OptionsPage::plain)
                .collect(Collectors.joining(" "));
        OUT.println(WordUtils.wrap(description, 118));
        if (!script.positionalParameters().isEmpty()) {
            OUT.println();
            printTable(script.positionalParameters());
        }
        ScriptCommand.optionsByHeading(script).forEach((heading, options) -> {
            if (!ONCE.contains(heading)) {
                OUT.println("\n" + heading);
                OUT.println();
                printTable(options);
            }
        });
    }

    private static void printTable(Iterable<? extends ArgSpec> options) {
        OUT.println("| | |\n|---|---|");
        for (ArgSpec option : options) {
            String required = option.required() && option.isOption() ? " Required." : "";
            String description = Stream.of(option.description())
                    .map(text -> text.replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue())))
                    .map(OptionsPage::plain).collect(Collectors.joining(" "));
            OUT.println("| " + name(option) + " | " + cell(description + required) + " |");
        }
    }

    private static String name(ArgSpec spec) {
        String label = cell(spec.paramLabel());
        if (spec instanceof OptionSpec option) {
            String names = Stream.of(option.names()).map(name -> "`" + name + "`").collect(Collectors.joining(", "));
            return option.arity().max() == 0 ? names : names + " " + label;
        }
        return "`" + label + "`" + (spec.arity().max() > 1 ? " …" : "");
    }

    /** As it is printed, where a percent sign is doubled in what picocli is given. */
    private static String plain(String text) {
        return text.replace("%%", "%");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
