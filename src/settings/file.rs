//! Finds and reads `imagelint.toml`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use crate::catalogue::listing::known_kind;
use crate::document::Text;
use crate::finding::{Finding, Level};
use crate::lint::house::HouseSchema;
use crate::lint::levels::{Levels, known};
use crate::model::release::ModelVersion;
use crate::report::format::human::{self, Style};
use crate::report::{self, Lines};
use crate::settings::exclude::Excludes;
use crate::settings::folder::Folder;
use crate::settings::ignore::{Ignore, Ignores};
use crate::settings::reader::{Mistakes, Placed, SETTINGS, Table, listed, placed};
use crate::text::lines::Before;
use crate::text::span::Span;
use crate::text::suggest;

/// The name under which settings are looked for.
const NAME: &str = "imagelint.toml";

/// The keys of the file.
const KEYS: [&str; 8] = ["fail-on", "pedantic", "exclude", "baseline", "model", "levels", "ignore", "house-schema"];

/// What an `imagelint.toml` says.
#[derive(Debug)]
pub(super) struct File {
    /// Its path, as messages name it.
    name: String,
    text: String,
    pub(super) fail_on: Option<Placed<Level>>,
    pub(super) pedantic: Option<Placed<bool>>,
    pub(super) exclude: Excludes,
    /// The baseline, as it is written.
    pub(super) baseline: Option<Placed<String>>,
    pub(super) model: Option<Placed<ModelVersion>>,
    /// The rules, at the keys that name them, and their levels.
    pub(super) levels: Vec<(Placed<&'static str>, Level)>,
    pub(super) ignores: Ignores,
    pub(super) house: Vec<Placed<Arc<HouseSchema>>>,
}

/// Why there are no settings to run with.
#[derive(Debug)]
pub enum Unusable {
    /// What is wrong, each thing in a line.
    Told(String),
    /// What is wrong in the file, and where.
    Mistakes {
        /// The file's path.
        name: String,
        /// Its text.
        text: String,
        /// The mistakes, in the order of the text.
        mistakes: Vec<Finding>,
    },
}

impl Unusable {
    /// The text that tells it.
    pub fn told(&self, style: &Style) -> String {
        match self {
            Unusable::Told(message) => message.lines().map(|line| format!("imagelint: {line}\n")).collect(),
            Unusable::Mistakes { name, text, mistakes } => drawn(name, text, mistakes, style),
        }
    }
}

impl File {
    /// Reads the file named, or the nearest one from the working directory upwards; `none` is no file.
    ///
    /// # Errors
    ///
    /// Where it cannot be read or holds mistakes.
    pub(super) fn find(named: Option<&str>) -> Result<Option<Self>, Unusable> {
        let path = match named {
            Some("none") => None,
            Some(path) => Some(PathBuf::from(path)),
            None => nearest(),
        };
        path.map(|path| File::read(&path)).transpose()
    }

    fn read(path: &Path) -> Result<Self, Unusable> {
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|error| Unusable::Told(format!("{name}: {error}")))?;
        let Text { text, finding, .. } = Text::decode(&bytes);
        let text = text.into_owned();
        let read = match finding.filter(|finding| finding.level == Level::Error) {
            Some(finding) => Err(vec![finding]),
            None => File::parse(name.clone(), &text, &Folder::of(path)),
        };
        read.map_err(|mistakes| Unusable::Mistakes { name, text, mistakes })
    }

    fn parse(name: String, text: &str, folder: &Folder) -> Result<Self, Vec<Finding>> {
        let root = DeTable::parse(text).map_err(|error| {
            let span = error.span().map_or(Span::new(0, 0), Span::from);
            vec![Finding::new(SETTINGS, Level::Error, span, error.message().replace('\n', ", "))]
        })?;
        let mistakes = Mistakes::default();
        let table = Table::new(root.get_ref(), root.span(), &mistakes).knows(&KEYS);
        let file = File {
            name,
            text: text.to_owned(),
            fail_on: table.text_as("fail-on", fail_on),
            pedantic: table.flag("pedantic"),
            exclude: Excludes::new(folder.clone(), table.globs("exclude")),
            baseline: table.text_as("baseline", file_name),
            model: table.text_as("model", str::parse),
            levels: table.table("levels").map(|table| levels(table, &mistakes)).unwrap_or_default(),
            ignores: Ignores::new(
                folder.clone(),
                table.tables("ignore").into_iter().filter_map(Ignore::read).collect(),
            ),
            house: table.tables("house-schema").into_iter().filter_map(|table| house(table, folder)).collect(),
        };
        let mistakes = mistakes.into_findings();
        if mistakes.is_empty() { Ok(file) } else { Err(mistakes) }
    }

    /// What is to be said of the ignores after a run; those for paths that a glob names only after
    /// a run that walked through directories.
    pub(super) fn warnings(&self, levels: &Levels, walked: bool, style: &Style) -> String {
        drawn(&self.name, &self.text, &self.ignores.warnings(levels, walked), style)
    }

    /// The file and line of a place in it.
    pub(super) fn place(&self, span: Span) -> String {
        format!("{}:{}", self.name, Lines::new(&self.text, Before::default()).position(span.start).line)
    }

    /// Where the baseline is, which is named from the file's folder.
    pub(super) fn baseline(&self) -> Option<PathBuf> {
        let named = self.baseline.as_ref()?;
        Some(Path::new(&self.name).with_file_name(&named.value))
    }

    /// The file's path, as messages name it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// Findings in a settings file, drawn as those in documents are.
fn drawn(path: &str, text: &str, findings: &[Finding], style: &Style) -> String {
    human::file(
        &report::File { path, text, base: 0, before: Before::default(), findings, secrets: &[], others: &[] },
        style,
    )
}

/// The nearest file from the working directory upwards, named from there.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let above = here.ancestors().position(|folder| folder.join(NAME).is_file())?;
    Some(std::iter::repeat_n("..", above).chain([NAME]).collect())
}

fn file_name(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("an empty path names no file".to_owned()) } else { Ok(text.to_owned()) }
}

fn fail_on(text: &str) -> Result<Level, String> {
    level_among(&[Level::Error, Level::Warning, Level::Info], text)
}

fn level(text: &str) -> Result<Level, String> {
    level_among(&[Level::Error, Level::Warning, Level::Info, Level::Off], text)
}

/// The level of that name, where it is one of those that fit.
fn level_among(levels: &[Level], text: &str) -> Result<Level, String> {
    let names: Vec<&str> = levels.iter().map(|level| level.name()).collect();
    let otherwise = format!("the levels here are {}", listed(&names));
    let level = Level::from_name(text).filter(|level| levels.contains(level));
    level.ok_or_else(|| suggest::unknown("level", text, names.iter().copied(), &otherwise))
}

fn levels(table: Table<'_>, mistakes: &Mistakes) -> Vec<(Placed<&'static str>, Level)> {
    let mut levels = Vec::new();
    for (key, value) in table.entries() {
        let rule = known(key.value).map_err(|message| mistakes.add(key.span, message)).ok();
        let Some(text) = placed(key.value, value, "a level", mistakes, DeValue::as_str) else {
            continue;
        };
        let level = level(text.value).map_err(|message| mistakes.add(text.span, message)).ok();
        if let (Some(rule), Some(level)) = (rule, level) {
            levels.push((Placed { value: rule.name, span: key.span }, level));
        }
    }
    levels.sort_by_key(|(rule, _)| rule.span);
    levels
}

fn house(table: Table<'_>, folder: &Folder) -> Option<Placed<Arc<HouseSchema>>> {
    let table = table.knows(&["file", "kinds", "level"]);
    table.require("file", "it names the JSON Schema");
    table.require("kinds", "it names the kinds of documents that the schema is for");
    let kinds = table.texts_as("kinds", known_kind).into_iter().map(|kind| kind.value).collect();
    let level = table.text_as("level", level).map_or(Level::Error, |level| level.value);
    let schema = table.text_as("file", |name| HouseSchema::load(&folder.join(name), name, kinds, level))?;
    Some(Placed { value: Arc::new(schema.value), span: table.span })
}
