//! The manual pages: what clap knows of the commands, and the sections that it does not know.

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};

use crate::cli::{Cli, version};
use crate::text::suggest;

/// Terms of a list, each with what it means.
type Terms = &'static [(&'static str, &'static str)];

const CHECK_STATUS: Terms = &[
    ("0", "Nothing was found at or above the level of --fail-on."),
    ("1", "Something was found at or above it, or --diff shows fixes."),
    ("2", "Something could not be done: wrong usage, faulty settings, or a path that cannot be read."),
];

const OTHER_STATUS: Terms = &[
    ("0", "It was done."),
    ("2", "It could not be done: wrong usage, a name that is not known, or a path that cannot be read."),
];

const EXAMPLES: Terms = &[
    ("imagelint fixtures/", "Check the captures in a directory."),
    ("aws imagebuilder get-image --image-build-version-arn ARN | imagelint -", "Check a response as it comes."),
    ("imagelint --fix fixtures/", "Make the safe fixes, and report what remains. With --diff, show them only."),
    ("imagelint --level name-arn-slug=warning --fail-on warning .", "Change the level of a rule, and what fails."),
    ("imagelint --format github --report sarif=imagelint.sarif .", "Print one report and write another."),
    ("imagelint explain placement-exclusive", "Say what a rule is about."),
];

const FILES: Terms = &[
    (
        "imagelint.toml",
        "The settings: for each file the nearest one above it, or above the working directory, unless --config names \
         another. `imagelint config` prints what applies, `imagelint config --schema` its JSON Schema.",
    ),
    (
        "imagelint-baseline.json",
        "The findings that are known and not reported: where --write-baseline writes them, and what `baseline` in the \
         settings or --baseline names.",
    ),
    (".gitignore, .ignore", "Files in directories that these ignore are not checked."),
];

const ENVIRONMENT: Terms = &[
    ("NO_COLOR", "No colour, if it is set and not empty."),
    ("CLICOLOR, CLICOLOR_FORCE", "0 for no colour; anything else in the second for colour even without a terminal."),
    ("COLUMNS", "The width that reports for people are fitted to, from 60 to 200."),
    ("FORCE_HYPERLINK", "1 for links in the names of rules, 0 for none, whatever the terminal."),
    ("GITHUB_ACTIONS, GITLAB_CI", "true for the format that GitHub or GitLab reads, where no --format is given."),
    ("RAYON_NUM_THREADS", "How many files to check at once, where --threads does not say it."),
    ("IMAGELINT_COMPLETE", "Set by shells that ask for completions; see imagelint-completions(1)."),
];

/// The manual page of a command, or of the program.
pub(super) fn page(name: Option<&str>) -> Result<String, String> {
    // The page of `help` would be empty. What follows the help has a section of its own.
    let mut program = Cli::command().disable_help_subcommand(true).after_help("");
    program.build();
    let mut command = match name {
        None => program,
        Some(name) => program.find_subcommand(name).cloned().ok_or_else(|| {
            let names = program.get_subcommands().map(Command::get_name);
            suggest::unknown("command", name, names, "`imagelint --help` lists them")
        })?,
    };
    // A synopsis with all options would be long, and without their values.
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim_start().to_owned();
    let checks = matches!(name, None | Some("check"));
    let mut page = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = render(command.override_usage(usage), checks, &mut page);
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn render(command: Command, checks: bool, page: &mut Vec<u8>) -> std::io::Result<()> {
    let has_commands = command.has_subcommands();
    let man = Man::new(command).source(format!("imagelint {}", version()));
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if has_commands {
        man.render_subcommands_section(page)?;
    }
    let mut roff = Roff::new();
    section(&mut roff, "EXIT STATUS", if checks { CHECK_STATUS } else { OTHER_STATUS });
    if checks {
        section(&mut roff, "EXAMPLES", EXAMPLES);
        section(&mut roff, "FILES", FILES);
        section(&mut roff, "ENVIRONMENT", ENVIRONMENT);
    }
    roff.to_writer(page)?;
    // The program's version is on the pages of its commands, too, in the last line.
    if has_commands { man.render_version_section(page) } else { Ok(()) }
}

fn section(roff: &mut Roff, title: &str, terms: Terms) {
    roff.control("SH", [title]);
    for (term, meaning) in terms {
        roff.control("TP", []);
        roff.text([bold(*term)]);
        roff.text([roman(*meaning)] as [Inline; 1]);
    }
}
