//! Reads the settings of a run: the flags of the command line, and the nearest `imagelint.toml`.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

#[cfg(feature = "lsp")]
use crate::lsp::Defaults;
use crate::recognise::kind::Kind;
use crate::run::scopes::Scopes;
use crate::settings::{
    Argument, File, Flags, NAME, NONE, SETTINGS, Settings, SettingsError, absolute, read, silencing,
};

/// The heading of the flags in the help.
const HEADING: &str = "Settings";

/// The flags that override `imagelint.toml`, and `--config`, which names another file: `none` for no file.
#[derive(Debug, Clone, Default)]
pub(super) struct SettingsArgs {
    config: Option<String>,
    flags: Flags,
}

impl SettingsArgs {
    /// The settings of the working directory.
    pub(super) fn read(&self) -> Result<Settings, SettingsError> {
        Settings::new(find(self.config.as_deref())?, &self.flags)
    }

    /// The settings of each of these files; those of the working directory are known already.
    pub(super) fn scopes<'p>(
        &self,
        of_run: Settings,
        forced: Option<&'static Kind>,
        paths: impl IntoIterator<Item = &'p Path>,
    ) -> Result<Scopes, SettingsError> {
        let above = of_run.file().map(|file| absolute(Path::new(&file.name)));
        let mut scopes = Scopes::new(of_run, forced);
        if self.config.is_some() {
            return Ok(scopes);
        }
        if let Some(folder) = above.as_deref().and_then(Path::parent) {
            scopes.place(folder.to_owned(), 0);
        }
        let mut last = None;
        for folder in paths.into_iter().filter_map(Path::parent) {
            if last != Some(folder) {
                self.place(&absolute(folder), &mut scopes)?;
                last = Some(folder);
            }
        }
        Ok(scopes)
    }

    /// Finds the scope of a folder, and reads its settings if they are not known.
    fn place(&self, folder: &Path, scopes: &mut Scopes) -> Result<(), SettingsError> {
        let mut scope = 0;
        let mut passed = Vec::new();
        for above in folder.ancestors() {
            if let Some(placed) = scopes.placed(above) {
                scope = placed;
                break;
            }
            passed.push(above.to_owned());
            let file = above.join(NAME);
            if file.is_file() {
                scope = scopes.add(Settings::new(Some(read(&as_shown(file))?), &self.flags)?);
                break;
            }
        }
        for folder in passed {
            scopes.place(folder, scope);
        }
        Ok(())
    }

    /// The same for texts that are open in an editor.
    #[cfg(feature = "lsp")]
    pub(super) fn into_defaults(self) -> Defaults {
        Defaults { config: self.config, flags: self.flags }
    }

    /// The start of the command that silences findings, unless there are no settings to be changed.
    pub(super) fn silencing(&self) -> Option<Vec<String>> {
        match self.config.as_deref() {
            Some(NONE) => None,
            config => Some(silencing(config)),
        }
    }
}

/// The arguments of all settings, in the order in which the help lists them.
fn arguments() -> Vec<Argument> {
    let mut arguments: Vec<Argument> = SETTINGS.iter().filter_map(|setting| setting.argument()).collect();
    arguments.sort_by_key(|argument| argument.order);
    arguments
}

fn flag(argument: Argument) -> Arg {
    let flag = Arg::new(argument.name).long(argument.name).help(argument.help).help_heading(HEADING);
    let Some(value) = argument.value else {
        return flag.action(ArgAction::SetTrue);
    };
    let flag = flag.value_name(value);
    let flag = if argument.is_list {
        flag.action(ArgAction::Append).value_delimiter(',')
    } else {
        flag.action(ArgAction::Set)
    };
    if argument.values.is_empty() {
        flag.value_parser(move |text: &str| (argument.check)(text).map(|()| text.to_owned()))
    } else {
        flag.value_parser(PossibleValuesParser::new(argument.values))
    }
}

impl Args for SettingsArgs {
    fn augment_args(command: Command) -> Command {
        let config = Arg::new("config")
            .long("config")
            .value_name("FILE|none")
            .help("Read the settings of all files from this one, or none, instead of the nearest `imagelint.toml` above each")
            .help_heading(HEADING);
        let isolated = Arg::new("isolated")
            .long("isolated")
            .help("Read no `imagelint.toml`; the same as `--config none`")
            .help_heading(HEADING)
            .conflicts_with("config")
            .action(ArgAction::SetTrue);
        arguments().into_iter().fold(command.arg(config).arg(isolated), |command, argument| command.arg(flag(argument)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        SettingsArgs::augment_args(command)
    }
}

impl FromArgMatches for SettingsArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Flags::new();
        for Argument { name, value, .. } in arguments() {
            if value.is_none() {
                flags.extend(matches.get_flag(name).then(|| (name, vec![String::new()])));
            } else if let Some(values) = matches.get_many::<String>(name) {
                flags.insert(name, values.cloned().collect());
            }
        }
        let isolated = matches.get_flag("isolated").then(|| NONE.to_owned());
        Ok(SettingsArgs { config: matches.get_one("config").cloned().or(isolated), flags })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = SettingsArgs::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Reads the file that `--config` names, or the nearest `imagelint.toml`; `none` is no file.
fn find(named: Option<&str>) -> Result<Option<File>, SettingsError> {
    let path = match named {
        Some(NONE) => None,
        Some(path) => Some(PathBuf::from(path)),
        None => nearest(),
    };
    path.map(|path| read(&path)).transpose()
}

/// The settings file of a file: the nearest one above it, or else that of the working directory.
pub(super) fn nearest_to(path: &Path) -> Option<PathBuf> {
    let path = absolute(path);
    let file = path.ancestors().skip(1).map(|folder| folder.join(NAME)).find(|file| file.is_file());
    file.map(as_shown).or_else(nearest)
}

/// The path of a settings file as messages name it: relative if it is below or above the working directory.
fn as_shown(file: PathBuf) -> PathBuf {
    let Ok(here) = std::env::current_dir() else { return file };
    let is_near = file.starts_with(&here) || file.parent().is_some_and(|folder| here.starts_with(folder));
    if is_near { pathdiff::diff_paths(&file, here).unwrap_or(file) } else { file }
}

/// The relative path of the nearest `imagelint.toml` in the working directory or a folder above it.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let above = here.ancestors().position(|folder| folder.join(NAME).is_file())?;
    Some(std::iter::repeat_n("..", above).chain([NAME]).collect())
}
