//! The settings of each text: those of the nearest `imagelint.toml`, under what the editor sets. They are read again
//! when a file has changed.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::Value;

use crate::finding::Finding;
use crate::lsp::check::Task;
use crate::recognise::{Asked, is_recording};
use crate::run::baseline::Baseline;
use crate::run::input::Input;
use crate::run::scopes::Scopes;
use crate::settings::{
    Argument, File, FileFaults, Flags, NAME, NONE, SETTINGS, Settings, SettingsError, absolute, read,
};

/// The settings that hold unless the editor sets others: the flags of the command line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Defaults {
    /// The settings file of all texts, or `none`.
    pub(crate) config: Option<String>,
    /// The flags that override it.
    pub(crate) flags: Flags,
}

/// The texts of open settings files, which count instead of those on the disk.
pub(super) type OpenTexts<'o> = &'o dyn Fn(&Path) -> Option<String>;

/// Why a text cannot be checked.
#[derive(Debug)]
pub(super) enum Problem {
    /// A settings file has mistakes.
    Mistakes {
        /// The file.
        path: PathBuf,
        /// Its text.
        text: String,
        /// The mistakes.
        findings: Vec<Finding>,
    },
    /// A message about anything else.
    Message(String),
}

/// How a text is to be checked.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The task; none where the settings exclude the file or cannot be used.
    pub(super) task: Option<Task>,
    /// The settings files.
    pub(super) settings: Vec<PathBuf>,
    /// What is wrong with settings.
    pub(super) problems: Vec<Problem>,
}

/// The settings file of the run, and that of a text.
type Sources = (Option<PathBuf>, Option<PathBuf>);

/// What was made of settings files with these texts.
#[derive(Debug)]
struct Loaded {
    texts: [Option<String>; 2],
    /// The settings; those of before while there are mistakes.
    scopes: Option<Arc<Scopes>>,
    /// Whether they are of these texts.
    is_current: bool,
}

/// The length and time of a file.
type Stamp = (u64, Option<SystemTime>);

/// The folders that are open, and their settings.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    folders: Vec<PathBuf>,
    defaults: Defaults,
    settings: Defaults,
    loaded: HashMap<Sources, Loaded>,
    baselines: HashMap<PathBuf, (Stamp, Arc<Baseline>)>,
}

impl Workspace {
    /// A workspace without folders.
    pub(super) fn new(defaults: Defaults) -> Self {
        Workspace { settings: defaults.clone(), defaults, ..Workspace::default() }
    }

    /// Opens a folder.
    pub(super) fn open(&mut self, folder: &Path) {
        self.folders.push(absolute(folder));
    }

    /// Closes a folder.
    pub(super) fn close(&mut self, folder: &Path) {
        let folder = absolute(folder);
        self.folders.retain(|open| *open != folder);
    }

    /// Takes the settings of the editor: the flags of the command line, each under its name, and `config`. Returns what
    /// is wrong with them.
    pub(super) fn configure(&mut self, settings: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        self.settings = self.defaults.clone();
        for (name, value) in settings.as_object().into_iter().flatten() {
            if name == "config" {
                self.settings.config = value.as_str().filter(|path| !path.is_empty()).map(str::to_owned);
                continue;
            }
            let name = hyphenated(name);
            let mut arguments = SETTINGS.iter().filter_map(|setting| setting.argument());
            // What is none is a setting of the editor's own.
            let Some(argument) = arguments.find(|argument| argument.name == name) else { continue };
            match values(&argument, value) {
                Ok(values) if values.is_empty() => {}
                Ok(values) => drop(self.settings.flags.insert(argument.name, values)),
                Err(message) => wrong.push(format!("the setting `imagelint.{name}`: {message}")),
            }
        }
        self.forget();
        wrong
    }

    /// Forgets what was read from files.
    pub(super) fn forget(&mut self) {
        self.loaded.clear();
        self.baselines.clear();
    }

    /// Whether settings depend on a file: an `imagelint.toml`, the file that the editor names, a baseline or a schema.
    pub(super) fn depends_on(&self, path: &Path) -> bool {
        let has_schemas = |text: &String| text.contains("house-schema");
        path.file_name().is_some_and(|name| name == NAME)
            || self.named().is_some_and(|named| named == path)
            || self.baselines.keys().any(|baseline| baseline == path)
            || self.loaded.values().any(|loaded| loaded.texts.iter().flatten().any(has_schemas))
    }

    /// Whether a path is that of a settings file.
    pub(super) fn is_settings(&self, path: &Path) -> bool {
        path.file_name().is_some_and(|name| name == NAME) || self.named().is_some_and(|named| named == path)
    }

    /// The settings file of all texts, if the editor names one.
    fn named(&self) -> Option<PathBuf> {
        let config = self.settings.config.as_deref().filter(|config| *config != NONE)?;
        Some(absolute(&self.folders.first().map_or_else(|| PathBuf::from(config), |folder| folder.join(config))))
    }

    /// The open folder that a file is in.
    fn folder_of(&self, path: &Path) -> Option<&Path> {
        let around = self.folders.iter().filter(|folder| path.starts_with(folder));
        around.max_by_key(|folder| folder.components().count()).map(PathBuf::as_path)
    }

    /// The settings files of the run and of a text.
    fn sources(&self, path: Option<&Path>, open: OpenTexts<'_>) -> Sources {
        if self.settings.config.is_some() {
            return (self.named(), None);
        }
        let is_there = |file: &PathBuf| open(file).is_some() || file.is_file();
        let nearest = |folder: &Path| folder.ancestors().map(|above| above.join(NAME)).find(is_there);
        let own = path.and_then(Path::parent).and_then(nearest);
        let folder = path.and_then(|path| self.folder_of(path)).or(self.folders.first().map(PathBuf::as_path));
        let of_run = folder.filter(|folder| path.is_none_or(|path| path.starts_with(folder))).and_then(nearest);
        match (of_run, own) {
            (None, own) => (own, None),
            (of_run, own) if of_run == own => (of_run, None),
            both => both,
        }
    }

    /// Where ignores for a text are written to: its settings file, or that of its folder, which is to be made.
    pub(super) fn settings_for(&self, path: Option<&Path>, open: OpenTexts<'_>) -> Option<PathBuf> {
        match self.sources(path, open) {
            (_, Some(own)) | (Some(own), None) => Some(own),
            (None, None) if self.settings.config.is_some() => None,
            (None, None) => {
                let folder = path.and_then(|path| self.folder_of(path)).or_else(|| path.and_then(Path::parent));
                folder.or(self.folders.first().map(PathBuf::as_path)).map(|folder| folder.join(NAME))
            }
        }
    }

    /// How a text is to be checked.
    pub(super) fn plan(&mut self, path: Option<&Path>, open: OpenTexts<'_>) -> Plan {
        let sources = self.sources(path, open);
        let settings = [&sources.0, &sources.1].into_iter().flatten().cloned().collect();
        let mut plan = Plan { settings, ..Plan::default() };
        let Some(scopes) = self.scopes(sources, open, &mut plan.problems) else {
            return plan;
        };
        let own = &scopes.of(path).settings;
        if path.is_some_and(|path| own.excludes(path)) {
            return plan;
        }
        let is_own = path.is_some_and(|path| own.owns(path) || is_recording(path));
        let asked = if is_own { Asked::ByName } else { Asked::Met };
        let baseline = match scopes.of_run().baseline().or_else(|| own.baseline()).map(|file| self.baseline(&file)) {
            Some(Err(message)) => {
                plan.problems.push(Problem::Message(message));
                None
            }
            Some(Ok(baseline)) => Some(baseline),
            None => None,
        };
        let input = Input::Edited { path: path.map(Path::to_owned), asked };
        plan.task = Some(Task { scopes, baseline, input });
        plan
    }

    /// The scopes that settings files make.
    fn scopes(&mut self, sources: Sources, open: OpenTexts<'_>, problems: &mut Vec<Problem>) -> Option<Arc<Scopes>> {
        let mut files = [None, None];
        for (file, path) in files.iter_mut().zip([&sources.0, &sources.1]) {
            let Some(path) = path else { continue };
            match open(path).map_or_else(|| read(path), |text| Ok(File { name: path.display().to_string(), text })) {
                Ok(read) => *file = Some(read),
                Err(error) => problems.push(Problem::of(path, error)),
            }
        }
        let texts = files.each_ref().map(|file| file.as_ref().map(|file: &File| file.text.clone()));
        let known = self.loaded.get(&sources);
        if let Some(known) = known.filter(|known| known.is_current && known.texts == texts && problems.is_empty()) {
            return known.scopes.clone();
        }
        let before = known.and_then(|known| known.scopes.clone());
        let made = if problems.is_empty() { self.make(files, &sources, problems) } else { None };
        let is_current = made.is_some();
        let scopes = made.or(before);
        self.loaded.insert(sources, Loaded { texts, scopes: scopes.clone(), is_current });
        scopes
    }

    /// Makes scopes of the settings of the run and those of a text.
    fn make(&self, files: [Option<File>; 2], sources: &Sources, problems: &mut Vec<Problem>) -> Option<Arc<Scopes>> {
        let [of_run, own] = files;
        let nowhere = PathBuf::new();
        let mut parse = |file: Option<File>, path: &Option<PathBuf>| {
            let error = |error| problems.push(Problem::of(path.as_ref().unwrap_or(&nowhere), error));
            Settings::new(file, &self.settings.flags).map_err(error).ok()
        };
        let of_run = parse(of_run, &sources.0);
        let own = own.map(|file| parse(Some(file), &sources.1));
        let mut scopes = Scopes::new(of_run?, None);
        if let Some(own) = own {
            let index = scopes.add(own?);
            let folder = sources.1.as_deref().and_then(Path::parent).unwrap_or(&nowhere);
            scopes.place(folder.to_owned(), index);
        }
        Some(Arc::new(scopes))
    }

    /// The baseline in a file.
    fn baseline(&mut self, file: &Path) -> Result<Arc<Baseline>, String> {
        let found = fs::metadata(file).map(|found| (found.len(), found.modified().ok()));
        let stamp = found.unwrap_or_default();
        if let Some((_, known)) = self.baselines.get(file).filter(|(known, _)| *known == stamp) {
            return Ok(known.clone());
        }
        let baseline = Arc::new(Baseline::read(file)?);
        self.baselines.insert(file.to_owned(), (stamp, baseline.clone()));
        Ok(baseline)
    }
}

impl Problem {
    fn of(path: &Path, error: SettingsError) -> Self {
        match error {
            SettingsError::Message(message) => Problem::Message(message),
            SettingsError::Mistakes(faults) => {
                let text = faults.file.text.clone();
                Problem::Mistakes { path: path.to_owned(), text, findings: faults.into_findings() }
            }
        }
    }
}

/// The mistakes in the text of a settings file.
pub(super) fn mistakes(path: &Path, text: &str) -> Vec<Finding> {
    let file = File { name: path.display().to_string(), text: text.to_owned() };
    match Settings::new(Some(file), &Flags::new()) {
        Err(SettingsError::Mistakes(FileFaults { file, faults })) => FileFaults { file, faults }.into_findings(),
        // Only flags cause errors outside of the file.
        Ok(_) | Err(SettingsError::Message(_)) => Vec::new(),
    }
}

/// The name of a flag for a setting of an editor: `maxDocumentSize` is `max-document-size`.
fn hyphenated(name: &str) -> String {
    let mut flag = String::with_capacity(name.len() + 4);
    for char in name.chars() {
        if char.is_ascii_uppercase() {
            flag.push('-');
        }
        flag.push(char.to_ascii_lowercase());
    }
    flag
}

/// The values of a flag that an editor sets; none if it is not set.
fn values(argument: &Argument, value: &Value) -> Result<Vec<String>, String> {
    let one = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(format!("`{other}` is no text")),
    };
    let texts: Vec<String> = match value {
        Value::Null | Value::Bool(false) => Vec::new(),
        Value::Bool(true) if argument.value.is_none() => vec![String::new()],
        Value::Array(items) => items.iter().map(one).collect::<Result<_, _>>()?,
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| Ok(format!("{key}={}", one(value)?));
            entries.iter().map(entry).collect::<Result<_, String>>()?
        }
        Value::String(text) if text.is_empty() => Vec::new(),
        other => vec![one(other)?],
    };
    if argument.value.is_some() {
        texts.iter().try_for_each(|text| (argument.check)(text))?;
    }
    Ok(texts)
}
