///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//SOURCES ../sync-data.java
//SOURCES *.java
//SOURCES check-on-spark/CheckOnSparkOptions.java
//MAIN Completion

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import syncdata.command.ScriptCommand;
import syncdata.run.ExitCode;

@Command(name = "completion",
        description =
        "Prints what bash needs to complete the options of every script; zsh reads it through bashcompinit.",
        exitCodeList = {"0:printed", "1:a fault in the program", "2:wrong options"},
        footerHeading = "%nExamples:%n", footer = {
            "  source <(./jbang completion)                     for this session",
            "  ./jbang completion >>~/.bash_completion          for all to come"})
class Completion extends ScriptCommand {
    /** Where picocli lists the values of an option. */
    private static final Pattern VALUES = Pattern.compile("(?<=_(option|pos_param)_args=\\()[^)]*");

    /**
     * Rewrites "./jbang checks/check.java --", "checks/check.java --" and "./check --" to "jbang check --", which
     * picocli's script completes.
     */
    private static final String ANY_SPELLING = """

            _sync_data_scripts() {
                local script
                [[ ${COMP_WORDS[0]##*/} == jbang ]] || { COMP_WORDS=(jbang "${COMP_WORDS[@]}"); ((COMP_CWORD += 1)); }
                if ((COMP_CWORD > 1)); then
                    script=${COMP_WORDS[1]##*/}
                    COMP_WORDS[1]=${script%.java}
                    COMP_LINE="${COMP_WORDS[*]}"
                fi
                _complete_jbang
            }
            complete -F _sync_data_scripts -o default jbang""";

    public static void main(String[] arguments) {
        execute(new Completion(), arguments);
    }

    @Override
    protected ExitCode run() throws IOException {
        CommandLine jbang = new CommandLine(new Launcher());
        OperatorScripts.byName().forEach((name, script) -> jbang.addSubcommand(name, new CommandLine(script)));
        System.out.print(inLowerCase(AutoComplete.bash("jbang", jbang)));
        System.out.print(ANY_SPELLING);
        jbang.getSubcommands().keySet().forEach(name -> System.out.print(" " + name + " " + name + ".java"));
        System.out.println();
        return ExitCode.IN_SYNC;
    }

    /** The script with values in lower case, as people write them: Java's constants are in upper case. */
    private static String inLowerCase(String script) {
        return VALUES.matcher(script)
                .replaceAll(values -> Matcher.quoteReplacement(values.group().toLowerCase(Locale.ROOT)));
    }

    @Command(name = "jbang")
    private static final class Launcher {
    }
}
