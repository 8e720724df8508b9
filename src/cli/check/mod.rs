//! The command `check`: prepares the run, applies fixes if asked, checks the inputs and writes the reports.

mod report_files;
mod select;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use crate::cli::arguments::Check;
use crate::cli::{CLEAN, FAILED, FOUND, ignore, settings_faults, unusable, usage};
use crate::recognise::kind::{Kind, known_kind};
use crate::report::{Entry, FORMATS, Format, Options, Output, Style};
use crate::rules;
use crate::run::atomic_file::AtomicFile;
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
use select::Selected;

pub(super) use report_files::report_file;
pub(super) use select::note_unreadable;

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
    let paths = match select::paths(check, &mut *streams.stdin) {
        Ok(paths) => paths,
        Err(message) => return usage(streams, &message),
    };
    let mut discovered =
        discover(&paths, Unfiltered { hidden: check.walking.hidden, ignored: check.walking.no_ignore });
    for input in &mut discovered.inputs {
        if let Input::Stdin { path, .. } = input {
            path.clone_from(&check.stdin_filename);
        }
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
        let is_quiet = check.printing.quiet || reports[0].is_silent();
        let selected = self.select(discovered, is_quiet, streams)?;
        let is_watched = streams.is_watched && !is_quiet;
        let is_unread = streams.is_unread.clone();
        let session = Session {
            scopes: self.scopes,
            reports: &reports,
            baseline: self.baseline,
            silenced: self.silenced.as_ref(),
            min_level: check.printing.shown.min_level,
            is_watched,
            compares: !check.no_across,
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
        let max_findings = self.check.printing.shown.max_findings;
        let max_findings = if max_findings == 0 { usize::MAX } else { max_findings };
        let report = |format: &Entry, style| {
            let (root, silencing) = (root.clone(), self.check.settings.silencing());
            let excerpts = self.check.printing.shown.excerpts;
            (format.make)(Options { style, root, fail_on, quiet, max_findings, silencing, excerpts })
        };
        let in_files = self.check.printing.report.iter().map(|(format, _)| report(format, Style::PLAIN));
        std::iter::once(report(self.format, style)).chain(in_files).collect()
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
        let is_quiet = self.check.printing.quiet || session.reports[0].is_silent();
        self.close_baseline(is_quiet, &mut **stderr)?;
        let cannot_silence = self.silence(&mut **stderr)?;
        if !is_quiet {
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
    fn close_baseline(&self, is_quiet: bool, stderr: &mut dyn Write) -> io::Result<()> {
        let Some(baseline) = self.baseline else {
            return Ok(());
        };
        let compares = |rule: &str| rules::pairs().any(|pair| pair.rule.name == rule);
        let runs = |path: &Path, rule: &str| {
            self.scopes.linter(Some(path)).levels().runs_named(rule) && !(self.check.no_across && compares(rule))
        };
        let name = baseline.path().display();
        if !is_quiet {
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
            if !is_quiet {
                writeln!(stderr, "imagelint: {name} holds {}", counted(count, "finding"))?;
            }
        }
        Ok(())
    }

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
