//! The public API of the library: the entry points, over the private modules that do the work.

mod fixed;
mod payloads;

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalogue;
use crate::document::Text;
use crate::finding::fix::Safety;
use crate::finding::{Finding, Level, Rule};
use crate::lint::identity::Identity;
use crate::lint::levels::Levels;
use crate::lint::linter::{self, Linted};
use crate::recognise::kind::{Kind, known_kind};
use crate::recognise::payload::Contents;
use crate::recognise::{Asked, documents, is_recording};
use crate::report::{Entry, FORMATS, Options, Output, Source, Style, Summary};
use crate::rules as all_rules;
use crate::settings::{File, Flags, Linters, MAX_DOCUMENT_SIZE, NAME, Settings, SettingsError, silencing};

pub use payloads::{Needs, Payload};

/// Lints a text with the default settings and returns its findings, in the order of the text.
///
/// ```
/// let findings = imagelint::lint(r#"{"image": {"platform": "linux"}, "requestId": "x"}"#);
/// assert!(findings.iter().any(|finding| finding.rule().name == "enum-value"));
/// ```
pub fn lint(text: &str) -> Vec<Finding> {
    Linter::new().lint("-", text).linted.findings
}

/// Lints the contents of files, with fixed settings.
///
/// ```
/// let linter = imagelint::Linter::new().kind("get-image")?.passing_over_others();
/// assert!(linter.lint("empty.json", "{}").findings().is_empty());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug)]
pub struct Linter<'s> {
    settings: Option<&'s Settings>,
    kind: Option<&'static Kind>,
    asked: Asked,
    inner: Inner<'s>,
}

/// The linter without settings, or those of settings.
#[derive(Debug)]
enum Inner<'s> {
    Usual(Arc<linter::Linter>),
    Set(&'s Settings, Linters),
}

impl Default for Linter<'_> {
    fn default() -> Self {
        Linter::new()
    }
}

impl<'s> Linter<'s> {
    /// A linter with the default settings.
    pub fn new() -> Self {
        let inner = Inner::Usual(Arc::new(linter::Linter::new(Levels::default(), None)));
        Linter { settings: None, kind: None, asked: Asked::ByName, inner }
    }

    /// A linter with these settings.
    pub fn with_settings(settings: &'s Settings) -> Self {
        Linter {
            settings: Some(settings),
            inner: Inner::Set(settings, Linters::new(settings, None, settings.model())),
            ..Linter::new()
        }
    }

    /// Checks every document as this kind, whatever it looks like. The name is one that `imagelint kinds` lists.
    ///
    /// # Errors
    ///
    /// If there is no kind of that name; the message suggests a similar one.
    pub fn kind(self, name: &str) -> Result<Self, String> {
        let kind = Some(known_kind(name)?);
        let inner = match self.settings {
            Some(settings) => Inner::Set(settings, Linters::new(settings, kind, settings.model())),
            None => Inner::Usual(Arc::new(linter::Linter::new(Levels::default(), kind))),
        };
        Ok(Linter { kind, inner, ..self })
    }

    /// Skips documents whose kind is not recognised, instead of reporting them under `unknown-kind`.
    #[must_use]
    pub fn passing_over_others(self) -> Self {
        Linter { asked: Asked::Met, ..self }
    }

    /// Lints the contents of a file: one document, an array of documents, or JSON Lines. The path appears in
    /// reports, and settings can ignore findings by it; the file itself is not opened.
    pub fn lint<'b>(&self, path: &'b str, bytes: &'b (impl AsRef<[u8]> + ?Sized)) -> Checked<'b> {
        let most = self.settings.map_or(MAX_DOCUMENT_SIZE, Settings::max_document_size);
        let text = Text::decode_within(bytes.as_ref(), most);
        let asked = self.asked(path);
        let mut linted = self.linter_of(path).lint(&text, asked, false);
        if let Some(settings) = self.settings {
            settings.ignore(path, &mut linted.findings);
        }
        let fail_on = self.settings.map_or(Some(Level::Error), Settings::fail_on);
        let config = self.settings.and_then(Settings::file).map(|file| &file.name);
        let config = config.filter(|name| Path::new(name).file_name().is_none_or(|file| file != NAME)).cloned();
        Checked { path, text, linted, kind: self.kind, asked, fail_on, config }
    }

    /// The text after the fixes of its findings: the safe ones, or the unsafe ones, too. As with `imagelint --fix`,
    /// no fix is made that would cause another finding.
    ///
    /// ```
    /// let text = r#"{"image": {"Platform": "linux", "state": {"status": "BUILDING"}}}"#;
    /// let linter = imagelint::Linter::new();
    /// let fixed = linter.fix("a.json", text, imagelint::Safety::Safe);
    /// assert_eq!(fixed, r#"{"image": {"platform": "linux", "state": {"status": "BUILDING"}}}"#);
    /// let fixed = linter.fix("a.json", text, imagelint::Safety::Unsafe);
    /// assert_eq!(fixed, r#"{"image": {"platform": "Linux", "state": {"status": "BUILDING"}}}"#);
    /// ```
    pub fn fix(&self, path: &str, text: &str, safety: Safety) -> String {
        fixed::fixed(self, path, text, safety == Safety::Unsafe)
    }

    /// Who asked for a file to be checked.
    fn asked(&self, path: &str) -> Asked {
        let is_own = |settings: &Settings| settings.owns(Path::new(path));
        let is_own = self.settings.is_some_and(is_own) || is_recording(Path::new(path));
        if is_own { Asked::ByName } else { self.asked }
    }

    /// The linter for a file.
    fn linter_of(&self, path: &str) -> Arc<linter::Linter> {
        match &self.inner {
            Inner::Set(settings, linters) => linters.of(settings, (path != "-").then(|| Path::new(path))),
            Inner::Usual(linter) => linter.clone(),
        }
    }

    /// The findings of a decoded text.
    #[cfg(fuzzing)]
    pub(crate) fn findings(&self, text: &Text<'_>) -> Vec<Finding> {
        self.linter_of("-").lint(text, self.asked, false).findings
    }
}

/// The result of linting a file: its text and its findings.
///
/// ```
/// let checked = imagelint::Linter::new().lint("a.json", r#"{"image": {"platform": "linux"}, "requestId": "x"}"#);
/// let format = imagelint::Format::named("concise").expect("a format");
/// assert!(checked.report(format).contains("a.json:1:24: error[enum-value]"));
/// assert!(checked.fails());
/// ```
#[derive(Debug)]
pub struct Checked<'b> {
    path: &'b str,
    text: Text<'b>,
    linted: Linted,
    kind: Option<&'static Kind>,
    asked: Asked,
    fail_on: Option<Level>,
    /// The file of the settings, unless the program finds it by its name.
    config: Option<String>,
}

impl Checked<'_> {
    /// The findings, in the order of the text.
    pub fn findings(&self) -> &[Finding] {
        &self.linted.findings
    }

    /// The decoded text, without a byte order mark. The spans of edits are bytes of this text.
    pub fn text(&self) -> &str {
        &self.text.text
    }

    /// How many documents were checked.
    pub fn documents(&self) -> usize {
        self.linted.checked
    }

    /// The kind of each payload, as `imagelint kinds` lists them. Payloads inside strings are left out.
    pub fn kinds(&self) -> Vec<&'static str> {
        let documents = documents(&self.text, self.kind);
        let contents = documents.iter().map(|document| Contents::of(document, self.kind));
        contents.flat_map(|contents| contents.payloads).map(|payload| payload.kind.name).collect()
    }

    /// The payloads of the documents, with those inside strings: their kinds and ages.
    pub fn payloads(&self) -> Vec<Payload> {
        payloads::payloads(&self.text)
    }

    /// Whether a finding is at or above the level that fails: `fail-on` of the settings, `error` by default.
    pub fn fails(&self) -> bool {
        self.findings().iter().any(|finding| self.fail_on.is_some_and(|fail_on| finding.level() >= fail_on))
    }

    /// The complete report, as the program prints it without a terminal: no colour, 80 columns.
    pub fn report(&self, format: Format) -> String {
        let style = Style::PLAIN;
        let root = PathBuf::new();
        let (fail_on, max_findings) = (self.fail_on, usize::MAX);
        let silencing = Some(silencing(self.config.as_deref()));
        let (quiet, excerpts) = (true, false);
        let format = (format.0.make)(Options { style, root, fail_on, quiet, max_findings, silencing, excerpts });
        let mut report = Vec::new();
        let identities = if format.names_all() { Some(self.identities()) } else { None };
        self.write(identities.as_deref(), &mut Output::new(&*format, &mut report)).expect("a Vec takes all");
        String::from_utf8(report).expect("formats write text")
    }

    /// What each document is. That is not noted before a report asks for it.
    fn identities(&self) -> Vec<Identity> {
        let linter = linter::Linter::new(Levels::default(), self.kind);
        linter.lint_and_identify(&self.text, self.asked, false).identities
    }

    fn write(&self, identities: Option<&[Identity]>, output: &mut Output<'_>) -> std::io::Result<()> {
        let mut summary = Summary { files: 1, ..Summary::default() };
        summary.count(&self.linted);
        output.open()?;
        if identities.is_some() || !self.findings().is_empty() {
            let source = Source::new(self.path, &self.text, &self.linted);
            let identities = identities.unwrap_or_default();
            output.fragment(self.path, &output.render(&Source { identities, ..source }))?;
        }
        output.end(self.path, true)?;
        output.close(&summary)
    }
}

/// A format in which findings can be reported.
///
/// ```
/// let names: Vec<&str> = imagelint::Format::all().map(imagelint::Format::name).collect();
/// assert!(names.contains(&"sarif"));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Format(&'static Entry);

impl Format {
    /// All formats.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().copied().map(Format)
    }

    /// The format of that name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Format::all().find(|format| format.name() == name)
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// What it is for, in one line.
    pub fn summary(self) -> &'static str {
        self.0.summary
    }
}

impl Settings {
    /// Parses the text of an `imagelint.toml`. Relative paths in it start from the folder of `path`.
    ///
    /// ```
    /// let settings = imagelint::Settings::parse("imagelint.toml", "levels = { enum-value = 'off' }")?;
    /// let linter = imagelint::Linter::with_settings(&settings);
    /// let checked = linter.lint("a.json", r#"{"image": {"platform": "linux"}, "requestId": "x"}"#);
    /// assert!(!checked.fails());
    /// # Ok::<(), imagelint::Mistakes>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the text is not TOML, or a key or value is not one that settings have.
    pub fn parse(path: &str, text: &str) -> Result<Self, Mistakes> {
        let file = File { name: path.to_owned(), text: text.to_owned() };
        Settings::new(Some(file), &Flags::new()).map_err(|error| match error {
            SettingsError::Mistakes(faults) => Mistakes(faults.into_findings()),
            // Only flags cause errors outside of the file, and there are none.
            SettingsError::Message(_) => Mistakes(Vec::new()),
        })
    }
}

/// The mistakes in the text of an `imagelint.toml`.
///
/// ```
/// let mistakes = imagelint::Settings::parse("imagelint.toml", "pedantik = true").unwrap_err();
/// assert_eq!(mistakes.findings()[0].location().start().line, 1);
/// assert_eq!(mistakes.to_string(), "1:1: there is no key `pedantik`; did you mean `pedantic`?");
/// ```
#[derive(Debug)]
pub struct Mistakes(Vec<Finding>);

impl Mistakes {
    /// The mistakes as findings with their locations, in the order of the text.
    pub fn findings(&self) -> &[Finding] {
        &self.0
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |finding: &Finding| {
            let start = finding.location().start();
            format!("{}:{}: {}", start.line, start.column, finding.message())
        };
        formatter.write_str(&self.0.iter().map(line).collect::<Vec<_>>().join("\n"))
    }
}

impl Error for Mistakes {}

/// All rules, grouped by theme.
///
/// ```
/// assert!(imagelint::rules().any(|rule| rule.name == "placement-exclusive"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    all_rules::all()
}

/// The page of a rule in Markdown: what it checks, why, a bad and a good example, and its sources.
///
/// ```
/// assert!(imagelint::explain("placement-exclusive")?.starts_with("# placement-exclusive"));
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
///
/// If there is no rule of that name; the message suggests a similar one.
pub fn explain(rule: &str) -> Result<String, String> {
    catalogue::explain(rule)
}

/// The self-contained JSON Schema (2020-12) of a kind of documents.
///
/// ```
/// assert!(imagelint::schema("get-image")?.contains("2020-12"));
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
///
/// If there is no kind of that name; the message suggests a similar one.
pub fn schema(kind: &str) -> Result<String, String> {
    catalogue::schema_of(kind)
}
