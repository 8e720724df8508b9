//! What shells complete, each asked as it asks itself.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::{CLEAN, Scratch, run};

/// What is typed, a completion that is offered, and one that is not.
const TYPED: [(&str, &str, &str); 9] = [
    ("imagelint --format ", "sarif", "a.json"),
    ("imagelint a.json --format ", "sarif", "a.json"),
    ("imagelint a.json --format j", "junit", "sarif"),
    ("imagelint --only enum-value,placement-ex", "enum-value,placement-exclusive", "enum-value,syntax"),
    ("imagelint explain placement-ex", "placement-exclusive", "syntax"),
    ("imagelint check --kind get-im", "get-image-recipe", "get-component"),
    ("imagelint schema get-im", "get-image", "get-component"),
    ("imagelint --fail-on ", "warning", "off"),
    ("imagelint a.json ", "a.json", "sarif"),
];

/// Asks a shell with a script, and returns what it prints for each typed line; none where the shell is missing.
fn ask(shell: &str, arguments: &[&str], script: &str) -> Option<Vec<String>> {
    let folder = Scratch::new(format!("command-line/completions-{shell}").as_str());
    folder.copy(CLEAN, "a.json").write("script", script);
    let program = Path::new(env!("CARGO_BIN_EXE_imagelint")).parent().expect("a folder").to_owned();
    let others = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(program).chain(std::env::split_paths(&others)));
    let asked = TYPED.map(|(typed, ..)| {
        let command = Command::new(shell)
            .args(arguments)
            .args(["script", typed])
            .current_dir(&*folder)
            .env("PATH", path.as_ref().expect("folders without colons"))
            .stdin(Stdio::null())
            .output();
        command.ok().map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    });
    asked.into_iter().collect()
}

#[expect(clippy::print_stderr, reason = "whoever runs the test learns that the shell is missing")]
fn offers_what_is_expected(shell: &str, arguments: &[&str], script: &str) {
    let Some(answers) = ask(shell, arguments, script) else {
        eprintln!("NOTICE: there is no {shell}; its completions are not tried");
        return;
    };
    for ((typed, offered, other), answer) in TYPED.into_iter().zip(answers) {
        let words: Vec<&str> = answer.split_whitespace().collect();
        assert!(words.contains(&offered), "{shell}: `{typed}`: {answer}");
        assert!(!words.contains(&other), "{shell}: `{typed}`: {answer}");
    }
}

#[test]
fn each_shell_has_a_script() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        run(&["completions", shell]).says("IMAGELINT_COMPLETE").says("imagelint").ends_with(0);
    }
    run(&["completions", "cmd"]).ends_with(2);
}

#[test]
fn bash_completes() {
    let script = r#"
eval "$(imagelint completions bash)"
read -ra COMP_WORDS <<<"$1"
[[ $1 != *" " ]] || COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_clap_complete_imagelint imagelint "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
printf '%s\n' "${COMPREPLY[@]}"
"#;
    offers_what_is_expected("bash", &["--norc"], script);
}

#[test]
fn fish_completes() {
    offers_what_is_expected("fish", &["--no-config"], "imagelint completions fish | source\ncomplete -C $argv[1]\n");
}

/// The completion system of zsh runs in its line editor only: a stand-in takes what it would show.
#[test]
fn zsh_completes() {
    let script = r#"
compdef() { :; }
_describe() { shift 2; print -rl -- "${(@P)1%%:*}"; }
source <(imagelint completions zsh)
words=("${(@s: :)1}")
CURRENT=$#words
_clap_dynamic_completer_imagelint
"#;
    offers_what_is_expected("zsh", &["-f"], script);
}
