//! Reads the settings of a run: the flags of the command line, and the nearest `imagelint.toml`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::document::Text;
use crate::files::read_whole;
use crate::settings::{Argument, File, Flags, SETTINGS, Settings, SettingsError, undecodable};

/// The name of the settings file.
const NAME: &str = "imagelint.toml";

/// The heading of the flags in the help.
const HEADING: &str = "Settings";

/// The flags that override `imagelint.toml`, and `--config`, which names another file.
#[derive(Debug, Clone, Default)]
pub(super) struct SettingsArgs {
    config: Option<String>,
    flags: Flags,
}

impl SettingsArgs {
    /// The settings that apply.
    pub(super) fn read(&self) -> Result<Settings, SettingsError> {
        Settings::new(find(self.config.as_deref())?, &self.flags)
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
            .help("Read the settings from this file, or none, instead of the nearest `imagelint.toml`")
            .help_heading(HEADING);
        arguments().into_iter().fold(command.arg(config), |command, argument| command.arg(flag(argument)))
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
        Ok(SettingsArgs { config: matches.get_one("config").cloned(), flags })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = SettingsArgs::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Reads the file that `--config` names, or the nearest `imagelint.toml`; `none` is no file.
fn find(named: Option<&str>) -> Result<Option<File>, SettingsError> {
    let path = match named {
        Some("none") => None,
        Some(path) => Some(PathBuf::from(path)),
        None => nearest(),
    };
    let Some(path) = path else { return Ok(None) };
    let name = path.display().to_string();
    let bytes = read_whole(&path).map_err(|error| SettingsError::Message(format!("{name}: {error}")))?;
    let text = Text::decode(&bytes);
    let file = File { name, text: text.text.clone().into_owned() };
    if text.is_whole() { Ok(Some(file)) } else { Err(undecodable(file, text.faults())) }
}

/// The relative path of the nearest `imagelint.toml` in the working directory or a folder above it.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let above = here.ancestors().position(|folder| folder.join(NAME).is_file())?;
    Some(std::iter::repeat_n("..", above).chain([NAME]).collect())
}
