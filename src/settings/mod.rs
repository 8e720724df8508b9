//! Settings: flags of the command line override `imagelint.toml`, which overrides the defaults. The file is found,
//! and mistakes in it are printed, by `cli/`.

mod folder;
mod house;
mod ignore;
mod list;
mod path_globs;
mod pointer_patterns;
mod reader;
pub(crate) mod schema;
mod setting;
pub(crate) mod show;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use crate::finding::fault::Fault;
use crate::finding::{Finding, Level};
use crate::lint::levels::Levels;
use crate::lint::linter::Linter;
use crate::model::release::ModelVersion;
use crate::recognise::kind::Kind;
use crate::settings::folder::Folder;
use crate::settings::list::{
    BASELINE, EXCLUDE, FAIL_ON, HOUSE_SCHEMA, IGNORE, LEVELS, MAX_SIZE, MODEL, ONLY, OWN, PEDANTIC,
};
use crate::settings::reader::{MISTAKE, Mistakes, Source, Table};
use crate::settings::setting::{SetBy, Store};
use crate::text::span::Span;

pub(crate) use list::{MAX_DOCUMENT_SIZE, SETTINGS};
pub(crate) use setting::Argument;

/// The values of the flags on the command line, by name. A switch that is on has one empty value.
pub(crate) type Flags = BTreeMap<&'static str, Vec<String>>;

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

/// The settings of a run: which rules run, the levels of their findings, which findings are ignored.
#[derive(Debug)]
pub struct Settings {
    store: Store,
    file: Option<File>,
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
        let folder = file.as_ref().map(|file| Folder::of(Path::new(&file.name))).unwrap_or_default();
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
                let levels = levels(&store).map_err(SettingsError::Message)?;
                Ok(Settings { store, file, levels })
            }
        }
    }

    /// A linter with these settings. If a kind is forced, every document is checked as that kind.
    pub(crate) fn linter(&self, forced: Option<&'static Kind>) -> Linter {
        let linter = Linter::new(self.levels.clone(), forced).for_model(self.model());
        self.store.get(&HOUSE_SCHEMA).value.added_to(linter)
    }

    /// The lowest level that fails the run.
    pub(crate) fn fail_on(&self) -> Level {
        self.store.get(&FAIL_ON).value
    }

    /// The version of the service model that the readers of the documents have, if it is set.
    fn model(&self) -> Option<ModelVersion> {
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

/// Which rules run, and the levels of their findings.
fn levels(store: &Store) -> Result<Levels, String> {
    let mut levels = Levels::new(store.get(&PEDANTIC).value);
    let given = &store.get(&LEVELS).value;
    let (by_flag, in_file): (Vec<_>, Vec<_>) = given.iter().partition(|(_, level)| level.set_by == SetBy::CommandLine);
    for (rule, level) in in_file {
        levels.set(rule, level.value);
    }
    store.get(&ONLY).value.iter().try_for_each(|name| levels.only(name))?;
    for (rule, level) in by_flag {
        levels.set(rule, level.value);
    }
    Ok(levels)
}

/// The error for a settings file that cannot be decoded, with the faults of its text.
pub(crate) fn undecodable(file: File, faults: impl Iterator<Item = Fault>) -> SettingsError {
    let faults = faults.map(|fault| Fault { rule: &MISTAKE, level: Level::Error, ..fault }).collect();
    SettingsError::Mistakes(FileFaults { file, faults })
}
