//! Settings: what the command line says over what `imagelint.toml` says over the defaults. Knows no
//! document.

mod exclude;
mod file;
mod folder;
mod ignore;
mod reader;
pub mod schema;
pub mod show;

use std::path::{Path, PathBuf};

use crate::finding::{Finding, Level};
use crate::lint::levels::Levels;
use crate::lint::linter::Linter;
use crate::model::release::ModelVersion;
use crate::recognise::kind::Kind;
use crate::report::format::human::Style;
use crate::settings::file::File;

pub use file::Unusable;

/// What the command line says.
#[derive(Debug, Default)]
pub struct Flags {
    /// The file to read instead of the nearest `imagelint.toml`; `none` for no file.
    pub config: Option<String>,
    /// Levels of rules, each as `RULE=LEVEL`.
    pub level: Vec<String>,
    /// The only rules to run.
    pub only: Vec<String>,
    /// Whether the rules run that are off by default.
    pub pedantic: bool,
    /// The least level that fails the run.
    pub fail_on: Option<Level>,
    /// The baseline; `none` for no baseline.
    pub baseline: Option<PathBuf>,
    /// The version of the service model.
    pub model: Option<ModelVersion>,
}

/// The settings of a run.
#[derive(Debug)]
pub struct Settings {
    flags: Flags,
    file: Option<File>,
    levels: Levels,
}

impl Settings {
    /// Reads the file that applies and lays the flags over it.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read or holds mistakes, or a flag names what does not exist.
    pub fn read(flags: Flags) -> Result<Self, Unusable> {
        let file = File::find(flags.config.as_deref())?;
        let levels = levels(&flags, file.as_ref()).map_err(Unusable::Told)?;
        Ok(Settings { flags, file, levels })
    }

    /// The linter that they ask for.
    pub fn linter(&self, forced: Option<&'static Kind>) -> Linter {
        let house = self.file.iter().flat_map(|file| &file.house).map(|entry| entry.value.clone());
        Linter::new(self.levels.clone(), forced).with_house_schemas(house).for_model(self.model())
    }

    /// The least level that fails the run.
    pub fn fail_on(&self) -> Level {
        let in_file = || self.file.as_ref()?.fail_on.as_ref().map(|level| level.value);
        self.flags.fail_on.or_else(in_file).unwrap_or(Level::Error)
    }

    /// The version of the service model that is asked for, if one is.
    pub fn model(&self) -> Option<ModelVersion> {
        let in_file = || self.file.as_ref()?.model.as_ref().map(|model| model.value);
        self.flags.model.or_else(in_file)
    }

    /// The file of the findings that are known, if there is one.
    pub fn baseline(&self) -> Option<PathBuf> {
        match &self.flags.baseline {
            Some(path) => Some(path.clone()).filter(|path| path.as_os_str() != "none"),
            None => self.file.as_ref()?.baseline(),
        }
    }

    /// Whether what has a path is not to be checked.
    pub fn excludes(&self, path: &Path) -> bool {
        self.file.as_ref().is_some_and(|file| file.exclude.matches(path))
    }

    /// Drops the findings of a file that are ignored.
    pub fn ignore(&self, path: &str, findings: &mut Vec<Finding>) {
        if let Some(file) = &self.file {
            file.ignores.apply(path, findings);
        }
    }

    /// What is to be said of the ignores after a run; of those whose path is a glob only where the run
    /// walked through directories, as it may else have missed what they are for.
    pub fn warnings(&self, walked: bool, style: &Style) -> String {
        self.file.as_ref().map(|file| file.warnings(&self.levels, walked, style)).unwrap_or_default()
    }
}

fn levels(flags: &Flags, file: Option<&File>) -> Result<Levels, String> {
    let pedantic = file.and_then(|file| file.pedantic.as_ref()).is_some_and(|pedantic| pedantic.value);
    let mut levels = Levels::new(flags.pedantic || pedantic);
    for (rule, level) in file.iter().flat_map(|file| &file.levels) {
        levels.set_to(rule.value, *level);
    }
    flags.only.iter().try_for_each(|name| levels.only(name))?;
    flags.level.iter().try_for_each(|assignment| levels.set(assignment))?;
    Ok(levels)
}
