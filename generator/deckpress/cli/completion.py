"""The command `completion`."""

from __future__ import annotations

import click

from deckpress.cli import console

# They call the program as click's own functions do, but also complete what those spoil: in bash
# `tag:ranking`, in zsh and fish `--tag=ranking`, in fish what has a comma.
_SCRIPTS = {
    "bash": r"""
_deckpress_completion() {
    local IFS=$'\n' line=${COMP_LINE:0:COMP_POINT} words=() word rest kept="" type value i
    local quote="" odd='[ !"#$&'\''()*;<>?[\^`{|}~]' dollar='\$' tick='\`'
    # Bash divides words at colons and equals signs: what no space stands before goes on.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        rest=${line#"${line%%[! ]*}"}
        if ((i && ${#rest} == ${#line})) && [[ -n $word ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
        line=${rest#"$word"}
    done
    word=${words[${#words[@]} - 1]}
    for ((i = 0; i < ${#word}; i++)); do
        case $quote${word:i:1} in
            \\ | \"\\) ((i++)) ;;
            \' | \") quote=${word:i:1} kept=${word:0:i} ;;
            \'\' | \"\") quote="" ;;
        esac
    done
    [[ -n $quote ]] || kept=${word%"${word##*[:=]}"}
    [[ $word == --*=* ]] && kept=${kept#*=}
    kept=${kept//\\/}
    COMPREPLY=()
    while IFS=',' read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                value=${value#"$kept"}
                # What means something to bash is not to happen, but to be written.
                case $quote in
                    \") value=${value//\$/$dollar} value=${value//\`/$tick} ;;
                    "") [[ $value =~ $odd ]] && printf -v value %q "$value" ;;
                esac
                COMPREPLY+=("$value")
                ;;
        esac
    done < <(COMP_WORDS="${words[*]}" COMP_CWORD=$((${#words[@]} - 1)) \
        _DECKPRESS_COMPLETE=bash_complete "$1")
    [[ ${#COMPREPLY[@]} == 1 && $COMPREPLY == *: ]] && compopt -o nospace
    return 0
}

complete -o nosort -F _deckpress_completion deckpress
""",
    "zsh": r"""
#compdef deckpress

_deckpress_completion() {
    local -a answer plain described
    local type value said
    answer=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT - 1)) \
        _DECKPRESS_COMPLETE=zsh_complete "$words[1]")}")
    [[ $PREFIX == --*=* ]] && compset -P '--*='
    for type value said in $answer; do
        case $type in
            dir) _path_files -/ ;;
            file) _path_files -f ;;
            plain)
                if [[ $said == _ ]]; then plain+=("$value"); else described+=("$value:$said"); fi
                ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described
    (( $#plain )) && compadd -V unsorted -a plain
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _deckpress_completion "$@"
else
    compdef _deckpress_completion deckpress
fi
""",
    "fish": r"""
function _deckpress_completion
    set -l begun (commandline -t)
    set -l option (string match -r -- '^--[^=]+=' $begun)
    set -l typed (commandline -cp | string collect)
    for completion in (env _DECKPRESS_COMPLETE=fish_complete COMP_WORDS=$typed \
            COMP_CWORD=$begun deckpress)
        set -l found (string split -m 1 , -- $completion)
        switch $found[1]
            case dir
                __fish_complete_directories $found[2]
            case file
                __fish_complete_path $found[2]
            case plain
                echo "$option$found[2]"
        end
    end
end

complete --no-files --command deckpress --arguments "(_deckpress_completion)"
""",
}
_HOW = {
    "bash": "echo 'eval \"$(deckpress completion bash)\"' >> ~/.bashrc",
    "zsh": "echo 'eval \"$(deckpress completion zsh)\"' >> ~/.zshrc",
    "fish": "deckpress completion fish > ~/.config/fish/completions/deckpress.fish",
}


@click.command(
    "completion",
    epilog="\b\n" + "\n".join(f"{shell}: {how}" for shell, how in _HOW.items()),
)
@click.argument("shell", type=click.Choice(tuple(_SCRIPTS)))
def command(shell: str) -> None:
    """Print the code that lets a shell complete commands, options and names."""
    console.write(_SCRIPTS[shell].lstrip())
