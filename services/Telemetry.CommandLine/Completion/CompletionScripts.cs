namespace Telemetry.CommandLine.Completion;

/// <summary>The scripts. Each hands the words up to the cursor to <c>telemetry complete</c> and offers what comes back, one a line.</summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # Completion of telemetry for bash: source <(telemetry completion bash)
        _telemetry() {
          # The words as they were typed: readline splits them at "=" and ":", which belong to values here.
          local line="${COMP_LINE:0:$COMP_POINT}" words candidate
          read -r -a words <<< "$line"
          [[ "$line" == *" " ]] && words+=("")
          local current="${words[-1]}" prefix=""
          # What stands before the last split is on the line already.
          [[ "$current" == *[=:]* && "$COMP_WORDBREAKS" == *[=:]* ]] && prefix="${current%"${current##*[=:]}"}"
          COMPREPLY=()
          while IFS= read -r candidate; do
            COMPREPLY+=("${candidate#"$prefix"}")
          done < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
          [[ "${COMPREPLY[0]}" == *= ]] && compopt -o nospace 2>/dev/null
          return 0
        }
        complete -o default -F _telemetry telemetry

        """;

    private const string Zsh = """
        #compdef telemetry
        # Completion of telemetry for zsh: source <(telemetry completion zsh)
        _telemetry() {
          local -a candidates
          candidates=("${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
          if (( ${#candidates} )) && [[ -n "${candidates[1]}" ]]; then
            compadd -Q -- "${candidates[@]}"
          else
            _files
          fi
        }
        (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
        compdef _telemetry telemetry

        """;

    private const string Fish = """
        # Completion of telemetry for fish: telemetry completion fish | source
        function __telemetry_complete
            set -l words (commandline --current-process --tokenize --cut-at-cursor)
            set -l current (commandline --current-token --cut-at-cursor)
            $words[1] complete -- $words[2..-1] "$current" 2>/dev/null
        end
        complete --command telemetry --arguments '(__telemetry_complete)'

        """;

    /// <summary>Shells that there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>The script of a shell; null when there is none.</summary>
    public static string? Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => null,
    };
}
