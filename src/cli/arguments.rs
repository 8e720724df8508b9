//! The arguments of a check.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::cli::settings::SettingsArgs;
use crate::cli::{check, ignore};
use crate::finding::Level;
use crate::report::{Entry, FORMATS, Style};

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files, directories, globs, or `-` for standard input [default: .]
    pub(super) paths: Vec<PathBuf>,
    /// Check every document as this kind (see `imagelint kinds`)
    #[arg(long)]
    pub(super) kind: Option<String>,
    /// How many files to check at once, at most 256; 0 for as many as there are processors
    #[arg(long, default_value = "0", value_parser = clap::value_parser!(u16).range(0..=256))]
    pub(super) threads: u16,
    /// Do not compare documents with each other: run no rule `x-…`
    #[arg(long)]
    pub(super) no_across: bool,
    /// Also check the paths in this file, one on each line or with NUL between them; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) files_from: Option<PathBuf>,
    /// The name of standard input in reports and settings
    #[arg(long, value_name = "PATH")]
    pub(super) stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    pub(super) walking: Walking,
    #[command(flatten)]
    pub(super) printing: Printing,
    #[command(flatten)]
    pub(super) settings: SettingsArgs,
    #[command(flatten)]
    pub(super) fixes: Fixes,
    /// With --fix or --diff: also the fixes that choose one of two possible meanings
    #[arg(long, requires = "Fixes", help_heading = "Fixes")]
    pub(super) unsafe_fixes: bool,
    /// Write the findings to the baseline, `imagelint-baseline.json` if no other is named
    #[arg(long, conflicts_with = "diff", help_heading = "Settings")]
    pub(super) write_baseline: bool,
    #[command(flatten)]
    pub(super) silencing: Silencing,
}

impl Check {
    /// Whether files are written: then the run goes on even when standard output is closed.
    pub(super) fn writes_files(&self) -> bool {
        self.fixes.fix || self.write_baseline || self.silencing.write_ignores || !self.printing.report.is_empty()
    }
}

/// Which files are checked that usually are not, or the other way round.
#[derive(Debug, Args)]
pub(super) struct Walking {
    /// Skip named files and standard input that are no Image Builder documents, as in directories
    #[arg(long)]
    pub(super) skip_unknown: bool,
    /// Also check hidden files in directories
    #[arg(long)]
    pub(super) hidden: bool,
    /// Also check files in directories that git ignores, or a file `.ignore` names
    #[arg(long)]
    pub(super) no_ignore: bool,
}

#[derive(Debug, Args)]
pub(super) struct Silencing {
    /// Silence all findings: add an ignore for each to `imagelint.toml`
    #[arg(long, requires = "reason", conflicts_with_all = ["diff", "write_baseline"], help_heading = "Settings")]
    pub(super) write_ignores: bool,
    /// With --write-ignores: why
    #[arg(long, value_name = "TEXT", requires = "write_ignores", value_parser = ignore::reason, help_heading = "Settings")]
    pub(super) reason: Option<String>,
    /// With --write-ignores: the last day on which the ignores count, such as 2036-01-31
    #[arg(long, value_name = "DATE", requires = "write_ignores", value_parser = ignore::last_day, help_heading = "Settings")]
    pub(super) expires: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
pub(super) struct Printing {
    /// The format of the report: `human`, unless GitHub or GitLab reads it
    #[arg(long, value_parser = FormatParser)]
    pub(super) format: Option<&'static Entry>,
    /// Also write a report to a file; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = check::report_file)]
    pub(super) report: Vec<(&'static Entry, PathBuf)>,
    /// When to use colour
    #[arg(long, value_enum, default_value = "auto")]
    pub(super) color: Color,
    /// Print the number of findings of each rule instead of the findings
    #[arg(long, conflicts_with = "diff")]
    pub(super) statistics: bool,
    #[command(flatten)]
    pub(super) shown: Shown,
    /// Print findings only
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// Also list the files that are skipped because nothing in them is from Image Builder
    #[arg(long, short, conflicts_with_all = ["quiet", "diff"])]
    pub(super) verbose: bool,
}

/// What of the findings a report shows.
#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
pub(super) struct Shown {
    /// How many findings to show in the formats human and compact; 0 for all
    #[arg(long, value_name = "NUMBER", default_value = "100")]
    pub(super) max_findings: usize,
    /// Leave findings below this level out of the reports; they still count
    #[arg(long, value_name = "LEVEL", default_value = "info", value_parser = reported_level())]
    pub(super) min_level: Level,
    /// In the formats json and json-lines: with the excerpt of each finding
    #[arg(long)]
    pub(super) excerpts: bool,
}

/// Parses the name of a level that findings in reports have.
fn reported_level() -> impl TypedValueParser<Value = Level> {
    let names = [Level::Error, Level::Warning, Level::Info].map(Level::name);
    PossibleValuesParser::new(names).map(|name| Level::from_name(&name).expect("the name is one of theirs"))
}

/// Parses the name of a format.
#[derive(Clone)]
struct FormatParser;

impl TypedValueParser for FormatParser {
    type Value = &'static Entry;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let names = PossibleValuesParser::new(FORMATS.iter().map(|format| format.name));
        let name = names.parse_ref(command, argument, value)?;
        Ok(FORMATS.iter().find(|format| format.name == name).expect("the name is one of theirs"))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.summary))))
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes")]
#[group(multiple = true)]
pub(super) struct Fixes {
    /// Make the fixes that keep the meaning of a document, and report what remains
    #[arg(long)]
    pub(super) fix: bool,
    /// Print the fixes as a unified diff instead of making them; fails if there are any
    #[arg(long, conflicts_with_all = ["format", "report"])]
    pub(super) diff: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// The value of `--color` in arguments that clap has rejected.
    pub(super) fn asked(arguments: &[OsString]) -> Self {
        let arguments = arguments.iter().filter_map(|argument| argument.to_str());
        let arguments: Vec<&str> = arguments.take_while(|argument| *argument != "--").collect();
        let apart = arguments.windows(2).filter(|pair| pair[0] == "--color").map(|pair| pair[1]);
        let joined = arguments.iter().filter_map(|argument| argument.strip_prefix("--color="));
        apart.chain(joined).find_map(|value| Color::from_str(value, false).ok()).unwrap_or(Color::Auto)
    }

    /// The style of a stream, given the style that it has by default.
    pub(super) fn on(self, style: Style) -> Style {
        match self {
            Color::Auto => style,
            Color::Always => Style { color: true, ..style },
            Color::Never => Style { color: false, links: false, ..style },
        }
    }
}
