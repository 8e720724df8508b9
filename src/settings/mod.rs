//! Settings: what the command line says over what `imagelint.toml` says over the defaults. Data only: who
//! finds the file and who prints what is wrong with it is the command line's.

mod exclude;
mod folder;
mod house;
mod ignore;
mod list;
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
use crate::settings::list::{BASELINE, EXCLUDE, FAIL_ON, HOUSE_SCHEMA, IGNORE, LEVELS, MODEL, ONLY, PEDANTIC};
use crate::settings::reader::{MISTAKE, Mistakes, Source, Table};
use crate::settings::setting::{From, Store};
use crate::text::span::Span;

pub(crate) use list::SETTINGS;
pub(crate) use setting::Argument;

/// The values of the command line's flags, by their names. A switch that is on has one empty value.
pub(crate) type Flags = BTreeMap<&'static str, Vec<String>>;

/// A settings file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Its path, as messages name it.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
}

/// Why there are no settings to run with.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// What is wrong, each thing in a line.
    Lines(String),
    /// What is wrong in the file.
    Mistakes(Remarks),
}

/// What is to be said of a settings file, with its places there.
#[derive(Debug)]
pub(crate) struct Remarks {
    /// The file.
    pub(crate) file: File,
    /// The faults, in the order of the text.
    pub(crate) faults: Vec<Fault>,
}

/// The settings of a run.
#[derive(Debug)]
pub struct Settings {
    store: Store,
    file: Option<File>,
    levels: Levels,
}

impl Settings {
    /// Lays flags over what a file says.
    ///
    /// # Errors
    ///
    /// Where the file holds mistakes, or a flag names what does not exist.
    pub(crate) fn new(file: Option<File>, flags: &Flags) -> Result<Self, Unusable> {
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
            let table = root.as_ref().map(|root| Table::new(root.get_ref(), root.span(), &mistakes).knows(&keys));
            let source = file.as_ref().map(|file| Source { name: &file.name, folder: &folder });
            for setting in SETTINGS {
                let flag = setting.argument().and_then(|argument| flags.get(argument.name));
                let read = setting.read(table.zip(source.as_ref()), flag.map_or(&[], Vec::as_slice), &mut store);
                wrong.extend(read.err());
            }
        }
        let faults = mistakes.into_faults();
        match file {
            Some(file) if !faults.is_empty() => return Err(Unusable::Mistakes(Remarks { file, faults })),
            _ if !wrong.is_empty() => return Err(Unusable::Lines(wrong.swap_remove(0))),
            file => {
                let levels = levels(&store).map_err(Unusable::Lines)?;
                Ok(Settings { store, file, levels })
            }
        }
    }

    /// The linter that they ask for.
    pub(crate) fn linter(&self, forced: Option<&'static Kind>) -> Linter {
        let linter = Linter::new(self.levels.clone(), forced).for_model(self.model());
        self.store.get(&HOUSE_SCHEMA).value.added_to(linter)
    }

    /// The least level that fails the run.
    pub(crate) fn fail_on(&self) -> Level {
        self.store.get(&FAIL_ON).value
    }

    /// The version of the service model that is asked for, if one is.
    fn model(&self) -> Option<ModelVersion> {
        self.store.get(&MODEL).value
    }

    /// The file of the findings that are known, if there is one.
    pub(crate) fn baseline(&self) -> Option<PathBuf> {
        self.store.get(&BASELINE).value.as_ref().map(|file| file.path.clone())
    }

    /// Whether a flag says which baseline is used, or that none is.
    pub(crate) fn flag_names_baseline(&self) -> bool {
        self.store.get(&BASELINE).from == From::CommandLine
    }

    /// Whether what has a path is not to be checked.
    pub(crate) fn excludes(&self, path: &Path) -> bool {
        self.store.get(&EXCLUDE).value.matches(path)
    }

    /// Drops the findings of a file that are ignored.
    pub(crate) fn ignore(&self, path: &str, findings: &mut Vec<Finding>) {
        self.store.get(&IGNORE).value.apply(path, findings);
    }

    /// What is to be said of the ignores after a run; of those whose path is a glob only where the run
    /// walked through directories, as it may else have missed what they are for.
    pub(crate) fn remarks(&self, walked: bool) -> Option<Remarks> {
        let faults = self.store.get(&IGNORE).value.remarks(&self.levels, walked);
        Some(Remarks { file: self.file.clone()?, faults })
    }
}

/// Which rules run, and at which level they report.
fn levels(store: &Store) -> Result<Levels, String> {
    let mut levels = Levels::new(store.get(&PEDANTIC).value);
    let given = &store.get(&LEVELS).value;
    let (by_flag, in_file): (Vec<_>, Vec<_>) = given.iter().partition(|(_, level)| level.from == From::CommandLine);
    in_file.into_iter().for_each(|(rule, level)| levels.set(rule, level.value));
    store.get(&ONLY).value.iter().try_for_each(|name| levels.only(name))?;
    by_flag.into_iter().for_each(|(rule, level)| levels.set(rule, level.value));
    Ok(levels)
}

/// What mistakes in a text that is no text are.
pub(crate) fn not_a_text(file: File, faults: impl Iterator<Item = Fault>) -> Unusable {
    let faults = faults.map(|fault| Fault { rule: &MISTAKE, level: Level::Error, ..fault }).collect();
    Unusable::Mistakes(Remarks { file, faults })
}
