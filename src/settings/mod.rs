//! Settings: flags of the command line override `imagelint.toml`, which overrides the defaults. The file is found,
//! and mistakes in it are printed, by `cli/`.

#[cfg(feature = "cli")]
pub(crate) mod edit;
mod folder;
mod house;
mod ignore;
mod levels;
mod linters;
mod list;
mod overrides;
mod path_globs;
mod pointer_patterns;
mod reader;
pub(crate) mod schema;
mod setting;
pub(crate) mod show;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use crate::document::Text;
#[cfg(feature = "cli")]
use crate::files::read_whole;
use crate::finding::fault::Fault;
use crate::finding::{Finding, Level, Rule};
use crate::lint::Finisher;
use crate::lint::levels::Levels;
use crate::lint::linter::Linter;
use crate::model::release::ModelVersion;
use crate::recognise::kind::Kind;
use crate::rules;
use crate::settings::folder::Folder;
use crate::settings::levels::RuleLevel;
use crate::settings::list::{
    BASELINE, EXCLUDE, FAIL_ON, HOUSE_SCHEMA, IGNORE, LEVELS, MAX_SIZE, MODEL, ONLY, OVERRIDE, OWN, PEDANTIC,
};
use crate::settings::reader::{MISTAKE, Mistakes, Source, Table};
use crate::settings::setting::{SetBy, Store};
use crate::text::lines::Origin;
use crate::text::span::Span;

pub(crate) use folder::absolute;
pub(crate) use ignore::{past_or_no_date, pattern};
pub(crate) use linters::Linters;
pub(crate) use list::{MAX_DOCUMENT_SIZE, SETTINGS};
pub(crate) use setting::Argument;

/// The values of the flags on the command line, by name. A switch that is on has one empty value.
pub(crate) type Flags = BTreeMap<&'static str, Vec<String>>;

/// The name of settings files.
pub(crate) const NAME: &str = "imagelint.toml";

/// The value of `--config` for no file.
#[cfg(feature = "cli")]
pub(crate) const NONE: &str = "none";

/// The command that silences a finding, but for what names it. With a file it is about the settings in that one.
pub(crate) fn silencing(config: Option<&str>) -> Vec<String> {
    let config = config.into_iter().flat_map(|file| ["--config", file]);
    ["imagelint", "ignore"].into_iter().chain(config).map(str::to_owned).collect()
}

/// A settings file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Its path, as messages name it.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
}

/// Why settings cannot be used.
#[derive(Debug)]
pub(crate) enum SettingsError {
    /// A message, with one line for each error.
    Message(String),
    /// Mistakes in the file.
    Mistakes(FileFaults),
}

/// A settings file, and faults in it.
#[derive(Debug)]
pub(crate) struct FileFaults {
    /// The file.
    pub(crate) file: File,
    /// The faults, in the order of the text.
    pub(crate) faults: Vec<Fault>,
}

impl FileFaults {
    /// The faults as findings, in the order of the text.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        let text = Text::of(&self.file.text, Origin::default());
        let levels = Levels::default();
        let finisher = Finisher::new(&text, &[], &levels);
        self.faults.into_iter().filter_map(|fault| finisher.of_text(fault)).collect()
    }
}

/// The settings of a run: which rules run, the levels of their findings, which findings are ignored.
#[derive(Debug)]
pub struct Settings {
    store: Store,
    file: Option<File>,
    folder: Folder,
    levels: Levels,
}

impl Settings {
    /// Reads settings from a file and flags, which override it.
    ///
    /// # Errors
    ///
    /// If there are mistakes in the file, or a flag names something that does not exist.
    pub(crate) fn new(file: Option<File>, flags: &Flags) -> Result<Self, SettingsError> {
        let mut store = Store::default();
        let mut wrong = Vec::new();
        let folder = file.as_ref().map_or_else(Folder::current, |file| Folder::of(Path::new(&file.name)));
        let mistakes = Mistakes::default();
        let parsed = file.as_ref().map(|file| DeTable::parse(&file.text)).transpose();
        let parsed = parsed.map_err(|error| {
            let span = error.span().map_or(Span::new(0, 0), Span::from);
            mistakes.add(span, error.message().replace('\n', ", "));
        });
        if let Ok(root) = &parsed {
            let keys: Vec<&str> = SETTINGS.iter().filter_map(|setting| setting.key()).collect();
            let table = root.as_ref().map(|root| Table::new(root.get_ref(), root.span(), &mistakes).allow_keys(&keys));
            let source = file.as_ref().map(|file| Source { name: &file.name, folder: &folder });
            for setting in SETTINGS {
                let flag = setting.argument().and_then(|argument| flags.get(argument.name));
                let read = setting.read(table.zip(source.as_ref()), flag.map_or(&[], Vec::as_slice), &mut store);
                wrong.extend(read.err());
            }
        }
        let faults = mistakes.into_faults();
        match file {
            Some(file) if !faults.is_empty() => Err(SettingsError::Mistakes(FileFaults { file, faults })),
            _ if !wrong.is_empty() => Err(SettingsError::Message(wrong.swap_remove(0))),
            file => {
                let levels = levels(&store, &[]).map_err(SettingsError::Message)?;
                Ok(Settings { store, file, folder, levels })
            }
        }
    }

    /// The linter for files that some overrides apply to.
    fn linter(&self, overrides: &[usize], forced: Option<&'static Kind>, model: Option<ModelVersion>) -> Linter {
        let overridden = (!overrides.is_empty()).then(|| levels(&self.store, overrides).ok()).flatten();
        let levels = overridden.unwrap_or_else(|| self.levels.clone());
        self.store.get(&HOUSE_SCHEMA).value.added_to(Linter::new(levels, forced).for_model(model))
    }

    /// The overrides that apply to a file.
    fn overrides(&self, path: &Path) -> Vec<usize> {
        let overrides = &self.store.get(&OVERRIDE).value;
        if overrides.is_empty() { Vec::new() } else { overrides.matching(path) }
    }

    /// Whether a rule may run on some file.
    pub(crate) fn may_run(&self, rule: &'static Rule) -> bool {
        let is_on = |(set, level): &RuleLevel| *set == rule && level.value != Level::Off;
        self.levels.runs(rule) || self.store.get(&OVERRIDE).value.all_levels().any(is_on)
    }

    /// Whether the rule of that name may run on some file; true if there is no such rule.
    pub(crate) fn may_run_named(&self, name: &str) -> bool {
        rules::find(name).is_none_or(|rule| self.may_run(rule))
    }

    /// The file that the settings are from.
    pub(crate) fn file(&self) -> Option<&File> {
        self.file.as_ref()
    }

    /// The name of a file in the paths of ignores, given that in reports.
    pub(crate) fn name_in_ignores(&self, path: &str) -> String {
        if path == "-" { path.to_owned() } else { self.folder.name(Path::new(path)) }
    }

    /// The lowest level that fails the run; none where no finding does.
    pub(crate) fn fail_on(&self) -> Option<Level> {
        self.store.get(&FAIL_ON).value
    }

    /// The version of the service model that the readers of the documents have, if it is set.
    pub(crate) fn model(&self) -> Option<ModelVersion> {
        self.store.get(&MODEL).value
    }

    /// The file of the baseline, if one is set.
    pub(crate) fn baseline(&self) -> Option<PathBuf> {
        self.store.get(&BASELINE).value.as_ref().map(|file| file.path.clone())
    }

    /// Whether the baseline, or that there is none, is set by a flag.
    pub(crate) fn flag_names_baseline(&self) -> bool {
        self.store.get(&BASELINE).set_by == SetBy::CommandLine
    }

    /// The limit for the size of one document in bytes; the greatest number for none.
    pub(crate) fn max_document_size(&self) -> usize {
        self.store.get(&MAX_SIZE).value.bytes
    }

    /// Whether a path is excluded from checks.
    pub(crate) fn excludes(&self, path: &Path) -> bool {
        self.store.get(&EXCLUDE).value.matches(path)
    }

    /// Whether a path is one where each file must be from Image Builder.
    pub(crate) fn owns(&self, path: &Path) -> bool {
        self.store.get(&OWN).value.matches(path)
    }

    /// Drops the findings of a file that are ignored.
    pub(crate) fn ignore(&self, path: &str, findings: &mut Vec<Finding>) {
        self.store.get(&IGNORE).value.apply(path, findings);
    }

    /// The ignores that have expired, name no file or matched no finding in the run. Ignores whose path is a glob are
    /// reported only if the run walked through directories: else it may have missed the files that they are for.
    pub(crate) fn stale_ignores(&self, walked: bool) -> Option<FileFaults> {
        let faults = self.store.get(&IGNORE).value.stale_faults(&self.levels, walked);
        Some(FileFaults { file: self.file.clone()?, faults })
    }
}

/// Which rules run, and the levels of their findings, in files that some overrides apply to.
fn levels(store: &Store, overrides: &[usize]) -> Result<Levels, String> {
    let mut levels = Levels::new(store.get(&PEDANTIC).value);
    let given = &store.get(&LEVELS).value;
    let (by_flag, in_file): (Vec<_>, Vec<_>) = given.iter().partition(|(_, level)| level.set_by == SetBy::CommandLine);
    for (rule, level) in in_file.into_iter().chain(store.get(&OVERRIDE).value.levels(overrides)) {
        levels.set(rule, level.value);
    }
    store.get(&ONLY).value.iter().try_for_each(|name| levels.only(name))?;
    for (rule, level) in by_flag {
        levels.set(rule, level.value);
    }
    Ok(levels)
}

/// Reads a settings file.
///
/// # Errors
///
/// If it cannot be read or decoded.
#[cfg(feature = "cli")]
pub(crate) fn read(path: &Path) -> Result<File, SettingsError> {
    let name = path.display().to_string();
    let bytes = read_whole(path).map_err(|error| SettingsError::Message(format!("{name}: {error}")))?;
    let text = Text::decode(&bytes);
    let file = File { name, text: text.text.clone().into_owned() };
    if text.is_whole() {
        return Ok(file);
    }
    let faults = text.faults().map(|fault| Fault { rule: &MISTAKE, level: Level::Error, ..fault }).collect();
    Err(SettingsError::Mistakes(FileFaults { file, faults }))
}
