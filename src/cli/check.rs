//! The command `check`: prepares the run, applies fixes if asked, checks the inputs and writes the reports.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::CommandFactory;

use crate::cli::{CLEAN, Check, Cli, FAILED, FOUND, ignore, settings_faults, unusable, usage};
use crate::recognise::kind::{Kind, known_kind};
use crate::recognise::{Asked, is_recording};
use crate::report::{Entry, FORMATS, Format, Options, Output, Style, Unreadable};
use crate::rules;
use crate::run::atomic_file::{AtomicFile, folder_of};
use crate::run::baseline::{self, Baseline, Stale};
use crate::run::fix::{FixedInputs, Fixing};
use crate::run::input::{Discovered, Input, Unfiltered, discover};
use crate::run::scopes::Scopes;
use crate::run::session::Session;
use crate::run::silence::Collector;
use crate::run::stdio::{Named, Streams, UntilClosed};
use crate::run::{temporary, threads};
use crate::settings::edit::Grounds;
use crate::settings::{NAME, Settings};
use crate::text::quote::{counted, printable};
use crate::text::suggest;

/// Runs the command and returns the exit status.
pub(super) fn execute(check: &Check, streams: &mut Streams<'_>) -> io::Result<u8> {
    let [style, stderr_style] = [streams.style, streams.stderr_style].map(|style| check.printing.color.on(style));
    let settings = match check.settings.read() {
        Ok(settings) => settings,
        Err(error) => return unusable(streams, error, stderr_style),
    };
    let prepared = match Prepared::new(check, &settings) {
        Ok(prepared) => prepared,
        Err(message) => return usage(streams, &message),
    };
    threads::ask_for(check.threads);
    let mut discovered =
        discover(&check.paths, Unfiltered { hidden: check.walking.hidden, ignored: check.walking.no_ignore });
    for input in discovered.inputs.iter_mut().filter(|input| input.is_stdin()) {
        *input = Input::Stdin(check.stdin_filename.clone());
    }
    let paths = discovered.inputs.iter().filter_map(Input::path);
    let scopes = match check.settings.scopes(settings, prepared.forced, paths) {
        Ok(scopes) => scopes,
        Err(error) => return unusable(streams, error, stderr_style),
    };
    let baseline = prepared
        .baseline
        .map(|baseline| baseline.with_exclusions(|path| scopes.of(Some(path)).settings.excludes(path)));
    let usual = if check.printing.statistics { FORMATS[0] } else { streams.format };
    let format = check.printing.format.unwrap_or(usual);
    let silenced = check.silencing.write_ignores.then(Collector::default);
    Command { check, scopes: &scopes, baseline: baseline.as_ref(), silenced, format, style, stderr_style }
        .execute(discovered, streams)
}

/// What is built from arguments and settings, and can fail.
struct Prepared {
    forced: Option<&'static Kind>,
    baseline: Option<Baseline>,
}

impl Prepared {
    fn new(check: &Check, settings: &Settings) -> Result<Self, String> {
        if check.printing.statistics
            && check.printing.format.is_some_and(|format| !["human", "concise", "compact"].contains(&format.name))
        {
            return Err("--statistics is only for the formats human and concise".to_owned());
        }
        if check.silencing.write_ignores && check.settings.silencing().is_none() {
            return Err("--write-ignores needs an `imagelint.toml`; none is to be read".to_owned());
        }
        let forced = check.kind.as_deref().map(known_kind).transpose()?;
        let baseline = match settings.baseline() {
            None if check.write_baseline && settings.flag_names_baseline() => {
                return Err("--write-baseline needs a file; `--baseline none` names none".to_owned());
            }
            path if check.write_baseline => {
                Some(Baseline::to_write(path.as_deref().unwrap_or(Path::new(baseline::DEFAULT_FILE)))?)
            }
            Some(path) => Some(Baseline::read(&path)?),
            None => None,
        };
        Ok(Prepared { forced, baseline })
    }
}

struct Command<'c> {
    check: &'c Check,
    scopes: &'c Scopes,
    baseline: Option<&'c Baseline>,
    /// Takes the findings to be silenced, if they are.
    silenced: Option<Collector>,
    /// The format of the report that is printed.
    format: &'static Entry,
    /// The style of the report on standard output.
    style: Style,
    /// The style of everything on standard error.
    stderr_style: Style,
}

impl Command<'_> {
    fn execute(&self, discovered: Discovered, streams: &mut Streams<'_>) -> io::Result<u8> {
        let check = self.check;
        // Standard output is for the fixed text of standard input, so the report goes to standard error.
        let reports_to_stderr = check.fixes.fix && discovered.inputs.iter().any(Input::is_stdin);
        let reports = self.reports(if reports_to_stderr { self.stderr_style } else { self.style });
        if check.writes_files() {
            temporary::remove_on_signals();
        }
        let files = match self.create(&discovered.inputs) {
            Ok(files) => files,
            Err(message) => return usage(streams, &message),
        };
        let selected = self.select(discovered, streams)?;
        let is_watched = streams.is_watched && !check.printing.quiet;
        let is_unread = streams.is_unread.clone();
        let session = Session {
            scopes: self.scopes,
            reports: &reports,
            baseline: self.baseline,
            silenced: self.silenced.as_ref(),
            min_level: check.printing.min_level,
            is_watched,
            lists_skipped: check.printing.verbose,
            is_unread: Some(&*is_unread).filter(|_| !check.writes_files()),
        };
        if !(check.fixes.fix || check.fixes.diff) {
            return self.report(&session, &selected, &FixedInputs::default(), files, streams);
        }
        let fixing = Fixing { session: &session, with_unsafe: check.unsafe_fixes, as_diff: check.fixes.diff };
        let mut fixed_inputs = fixing.fix_inputs(&selected.inputs, streams)?;
        if check.fixes.diff {
            fixed_inputs.failed += selected.unreadable.len();
            return self.close_diff(&fixed_inputs, streams);
        }
        if selected.excludes_stdin {
            // A text is expected on standard output, even an unchanged one.
            io::copy(&mut streams.stdin, &mut streams.stdout)?;
            fixed_inputs.stdin = Some(Vec::new());
        }
        let Some(fixed) = fixed_inputs.stdin.take() else {
            return self.report(&session, &selected, &fixed_inputs, files, streams);
        };
        let mut report = Vec::new();
        let stdin = &mut &fixed[..];
        let mut to_stderr =
            Streams { stdin, stdout: &mut report, stderr: &mut *streams.stderr, is_unread: Arc::default(), ..*streams };
        let status = self.report(&session, &selected, &fixed_inputs, files, &mut to_stderr)?;
        streams.stderr.write_all(&report)?;
        Ok(status)
    }

    /// The format of the report that is printed, and then those of reports to files.
    fn reports(&self, style: Style) -> Vec<Box<dyn Format>> {
        // If there is no working directory, paths are as given.
        let root = std::env::current_dir().unwrap_or_default();
        let (fail_on, quiet) = (self.scopes.of_run().fail_on(), self.check.printing.quiet);
        let max_findings = self.check.printing.max_findings;
        let max_findings = if max_findings == 0 { usize::MAX } else { max_findings };
        let report = |format: &Entry, style| {
            let (root, silencing) = (root.clone(), self.check.settings.silencing());
            (format.make)(Options { style, root, fail_on, quiet, max_findings, silencing })
        };
        let in_files = self.check.printing.report.iter().map(|(format, _)| report(format, Style::PLAIN));
        std::iter::once(report(self.format, style)).chain(in_files).collect()
    }

    /// Creates the files of reports. The error is a message.
    fn create(&self, inputs: &[Input]) -> Result<Vec<AtomicFile>, String> {
        let reports = &self.check.printing.report;
        let named =
            inputs.iter().filter(|input| !reports.is_empty() && input.asked() == Asked::ByName).filter_map(Input::file);
        let named: HashSet<PathBuf> = named.filter(|path| path.is_file()).map(resolved).collect();
        let mut seen = HashSet::new();
        for (_, path) in reports {
            let refused = |reason: &str| Err(format!("no report can go to {}: {reason}", path.display()));
            let report = resolved(path);
            if named.contains(&report) {
                return refused("it is a file to check");
            }
            if self.baseline.is_some_and(|baseline| baseline.is_at(&report)) {
                return refused("it is the baseline");
            }
            if !seen.insert(report) {
                return refused("another one does");
            }
        }
        let create = |(_, path): &(&Entry, PathBuf)| {
            AtomicFile::create(path).map_err(|error| format!("{}: {error}", path.display()))
        };
        reports.iter().map(create).collect()
    }

    /// Selects the inputs to check, and reports paths that cannot be read, are excluded or contain nothing to check.
    fn select(&self, discovered: Discovered, streams: &mut Streams<'_>) -> io::Result<Selected> {
        let mut discovered = discovered;
        discovered.inputs.retain(|input| {
            let Some(command) = command_meant(input) else { return true };
            let error = format!("there is no such file; did you mean the command `{command}`? a command comes first");
            discovered.unreadable.push(Unreadable { path: input.name(), error });
            false
        });
        note_unreadable(&discovered, self.check.printing.quiet, streams.stderr)?;
        let Discovered { inputs, unreadable, .. } = discovered;
        let walked = inputs.iter().any(|input| matches!(input, Input::Met(_)));
        let settings = |path: &Path| &self.scopes.of(Some(path)).settings;
        let (excluded, mut inputs): (Vec<Input>, Vec<Input>) =
            inputs.into_iter().partition(|input| input.path().is_some_and(|path| settings(path).excludes(path)));
        for input in excluded.iter().filter(|input| input.asked() == Asked::ByName && !self.check.printing.quiet) {
            let name = printable(input.name());
            writeln!(streams.stderr, "imagelint: {name} is not checked: the settings exclude it")?;
        }
        let is_baseline = |input: &Input| match (input, self.baseline) {
            (Input::Met(path), Some(baseline)) => baseline.is_at(path),
            _ => false,
        };
        inputs.retain(|input| !is_baseline(input));
        if self.check.skip_unknown {
            inputs = inputs.into_iter().map(Input::met).collect();
        }
        let is_own = |path: &Path| settings(path).owns(path) || is_recording(path);
        let is_own = |input: &Input| input.path().is_some_and(is_own);
        inputs = inputs.into_iter().map(|input| if is_own(&input) { input.named() } else { input }).collect();
        let excludes_stdin = excluded.iter().any(Input::is_stdin);
        Ok(Selected { inputs, unreadable, walked, excludes_stdin })
    }

    /// Checks the inputs, writes the reports, and returns the exit status.
    fn report(
        &self,
        session: &Session<'_>,
        selected: &Selected,
        fixed_inputs: &FixedInputs,
        mut files: Vec<AtomicFile>,
        streams: &mut Streams<'_>,
    ) -> io::Result<u8> {
        let Streams { stdin, stdout, stderr, .. } = streams;
        let on_stdout: &mut dyn Write = if self.check.printing.statistics { &mut io::sink() } else { &mut **stdout };
        let on_stdout = Output::new(&*session.reports[0], on_stdout);
        // A file may be a pipe that is closed by its reader.
        let in_files = session.reports[1..].iter().zip(&mut files).zip(&self.check.printing.report);
        let in_files = in_files.map(|((report, file), (_, path))| {
            let writer = Named::new(path.display().to_string(), file.writer());
            Output::new(&**report, UntilClosed::new(writer))
        });
        let mut outputs: Vec<Output<'_>> = std::iter::once(on_stdout).chain(in_files).collect();
        let mut summary = session.check_inputs(&selected.inputs, &mut outputs, &mut **stdin, &mut **stderr)?;
        summary.unreadable.extend_from_slice(&selected.unreadable);
        summary.fixed = fixed_inputs.fixed;
        outputs.iter_mut().try_for_each(|output| output.close(&summary))?;
        drop(outputs);
        if self.check.printing.statistics {
            stdout.write_all(summary.statistics().as_bytes())?;
            stdout.flush()?;
        }
        for finished in files.into_iter().map(AtomicFile::finish) {
            finished.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })?;
        }
        self.close_baseline(&mut **stderr)?;
        let cannot_silence = self.silence(&mut **stderr)?;
        if !self.check.printing.quiet {
            // The other formats are for programs and have no summary line.
            if self.format.name != "human" || self.check.printing.statistics {
                writeln!(stderr, "{}", summary.line())?;
            }
            for ignores in self.scopes.all().iter().filter_map(|scope| scope.settings.stale_ignores(selected.walked)) {
                stderr.write_all(settings_faults::render(ignores, self.stderr_style).as_bytes())?;
            }
        }
        let accepts = self.check.write_baseline || self.check.silencing.write_ignores;
        let fails = summary.reaches(self.scopes.of_run().fail_on()) && !accepts;
        Ok(match (summary.unreadable.len() + fixed_inputs.failed + usize::from(cannot_silence), fails) {
            (0, false) => CLEAN,
            (0, true) => FOUND,
            _ => FAILED,
        })
    }

    /// Prints how many findings can be fixed, and returns the exit status.
    fn close_diff(&self, fixed_inputs: &FixedInputs, streams: &mut Streams<'_>) -> io::Result<u8> {
        let FixedInputs { fixed, files, failed, .. } = *fixed_inputs;
        if !self.check.printing.quiet {
            streams.stdout.flush()?;
            writeln!(streams.stderr, "{} in {} can be fixed", counted(fixed, "finding"), counted(files, "file"))?;
        }
        Ok(match (failed, fixed) {
            (0, 0) => CLEAN,
            (0, _) => FOUND,
            _ => FAILED,
        })
    }

    /// Reports the stale entries of the baseline, and writes it if asked.
    fn close_baseline(&self, stderr: &mut dyn Write) -> io::Result<()> {
        let Some(baseline) = self.baseline else {
            return Ok(());
        };
        let runs = |path: &Path, rule: &str| self.scopes.linter(Some(path)).levels().runs_named(rule);
        let name = baseline.path().display();
        if !self.check.printing.quiet {
            for Stale { path, rule, pointer, known, found, is_excluded, now } in baseline.stale(runs) {
                let now = match (found, now) {
                    _ if is_excluded => "is no longer checked: the settings exclude the file".to_owned(),
                    (_, Some((other, at))) if other == rule => format!("is now at `{at}`"),
                    (_, Some((other, _))) => format!("is now a finding of `{other}`"),
                    (0, None) if rules::find(&rule).is_none() => "is of a rule that there no longer is".to_owned(),
                    (0, None) => "no longer occurs".to_owned(),
                    (found, None) => format!("occurs {}, not {known}", counted(found, "time")),
                };
                let origin = printable(format!("{path} at `{pointer}`"));
                writeln!(stderr, "imagelint: {name}: `{rule}` in {origin} {now}")?;
            }
        }
        if self.check.write_baseline {
            let count = baseline.write(runs)?;
            if !self.check.printing.quiet {
                writeln!(stderr, "imagelint: {name} holds {}", counted(count, "finding"))?;
            }
        }
        Ok(())
    }
}

impl Command<'_> {
    /// Adds ignores for the findings to the settings of their files. Returns whether that failed.
    fn silence(&self, stderr: &mut dyn Write) -> io::Result<bool> {
        let (Some(collector), Some(reason)) = (&self.silenced, &self.check.silencing.reason) else { return Ok(false) };
        let grounds = Grounds { reason, expires: self.check.silencing.expires.as_deref() };
        let mut failed = false;
        for (index, scope) in self.scopes.all().iter().enumerate() {
            let ignores = collector.of_scope(index);
            if ignores.is_empty() {
                continue;
            }
            let path = scope.settings.file().map_or(Path::new(NAME), |file| Path::new(&file.name));
            match ignore::add(path, &ignores, grounds) {
                Ok(()) if self.check.printing.quiet => {}
                Ok(()) => {
                    let (name, count) = (path.display(), counted(ignores.len(), "ignore"));
                    writeln!(stderr, "imagelint: {name}: {count} written")?;
                }
                Err(error) => {
                    failed = true;
                    stderr.write_all(settings_faults::render_error(error, self.stderr_style).as_bytes())?;
                }
            }
        }
        Ok(failed)
    }
}

/// Reports the paths that cannot be read, and unless quiet the directories that contain nothing to check.
pub(super) fn note_unreadable(discovered: &Discovered, quiet: bool, stderr: &mut dyn Write) -> io::Result<()> {
    for Unreadable { path, error } in &discovered.unreadable {
        writeln!(stderr, "imagelint: {}", printable(format!("{path}: {error}")))?;
    }
    for directory in discovered.empty_directories.iter().filter(|_| !quiet) {
        let name = printable(directory.display().to_string());
        let left_out = match discovered.unfiltered {
            Unfiltered { hidden: false, ignored: false } => ", that is neither hidden nor ignored by git",
            Unfiltered { hidden: false, ignored: true } => ", that is not hidden",
            Unfiltered { hidden: true, ignored: false } => ", that is not ignored by git",
            Unfiltered { hidden: true, ignored: true } => "",
        };
        writeln!(
            stderr,
            "imagelint: {name} holds no file *.json, *.jsonl or *.ndjson, even compressed (.gz){left_out}"
        )?;
    }
    Ok(())
}

/// The inputs that are selected by the paths of the command line.
struct Selected {
    inputs: Vec<Input>,
    unreadable: Vec<Unreadable>,
    /// Whether any input was found in a directory.
    walked: bool,
    /// Whether standard input is given, but excluded.
    excludes_stdin: bool,
}

/// Parses `FORMAT=FILE`, for a report to a file.
pub(super) fn report_file(argument: &str) -> Result<(&'static Entry, PathBuf), String> {
    let (format, path) = argument.split_once('=').ok_or("expected FORMAT=FILE, as in `sarif=report.sarif`")?;
    let known = FORMATS.iter().find(|known| known.name == format).copied();
    let format = known.ok_or_else(|| {
        let names: Vec<&str> = FORMATS.iter().map(|known| known.name).collect();
        let otherwise = format!("the formats are {}", names.join(", "));
        suggest::unknown("format", format, names, &otherwise)
    })?;
    match path {
        "" => Err("it names no file".to_owned()),
        "-" => Err("a report to standard output is asked for with `--format`".to_owned()),
        path => Ok((format, PathBuf::from(path))),
    }
}

/// The command that a path most likely means: there is no such file, and its name is similar to a command's.
fn command_meant(input: &Input) -> Option<String> {
    let path = input.file().filter(|path| path.extension().is_none() && path.components().count() == 1)?;
    if path.try_exists().unwrap_or(true) {
        return None;
    }
    let program = Cli::command();
    suggest::nearest(path.to_str()?, program.get_subcommands().map(clap::Command::get_name)).map(str::to_owned)
}

/// A canonical path, even if the file does not exist, to compare paths.
fn resolved(path: &Path) -> PathBuf {
    let beside = || Some(folder_of(path).canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(beside).unwrap_or_else(|| path.to_owned())
}
