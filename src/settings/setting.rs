//! What a setting is: one value that says how it is read, shown, described and overridden.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt::Debug;

use serde_json::Value;

use crate::settings::reader::{Placed, Source, Table};
use crate::settings::show::Shown;
use crate::text::span::Span;

/// Who gives a setting its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// The command line.
    CommandLine,
    /// `imagelint.toml`, at a place there.
    File(Span),
    /// Nobody.
    Default,
}

/// A value and who gives it.
#[derive(Debug, Clone)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    pub(crate) from: From,
}

/// A setting with values of a type.
pub(crate) struct Setting<T: 'static> {
    /// The key in `imagelint.toml`, or the name of the flag of one that the file cannot set.
    pub(crate) key: &'static str,
    /// Its value where nobody gives one.
    pub(crate) default: fn() -> T,
    /// How the file sets it.
    pub(crate) in_file: Option<InFile<T>>,
    /// How the command line sets it.
    pub(crate) flag: Option<Flag<T>>,
    /// Prints it as `imagelint.toml` would, with who gives it.
    pub(crate) show: fn(&Given<T>, &mut Shown<'_>),
}

/// How `imagelint.toml` sets a setting.
pub(crate) struct InFile<T> {
    /// Reads the value of the key from the table.
    pub(crate) read: for<'t> fn(Table<'t>, &'static str, &Source<'_>) -> Option<Placed<T>>,
    /// The JSON Schema of the value.
    pub(crate) schema: fn() -> Value,
}

/// How the command line sets a setting.
pub(crate) struct Flag<T> {
    /// Its name and its words.
    pub(crate) argument: Argument,
    /// Reads the values that are given.
    pub(crate) read: fn(&[String]) -> Result<T, String>,
    /// The value where the file gives one, too: the second is the flag's.
    pub(crate) over: fn(T, T) -> T,
}

/// A flag as the command line shows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Argument {
    /// Its name, without `--`.
    pub(crate) name: &'static str,
    /// What it does, in one line.
    pub(crate) help: &'static str,
    /// What its values are; a switch has none.
    pub(crate) value: Option<&'static str>,
    /// The values that it takes; any where there are none.
    pub(crate) values: &'static [&'static str],
    /// Whether a value can be read at all, where the command line is to say so of the single value.
    pub(crate) check: fn(&str) -> Result<(), String>,
    /// Whether it may be given several times, or several values with commas between them.
    pub(crate) is_list: bool,
    /// Where it stands in the list of flags.
    pub(crate) order: usize,
}

/// The flag's value replaces the file's.
pub(super) fn replaces<T>(_file: T, flag: T) -> T {
    flag
}

/// The values of all settings, by their keys.
#[derive(Debug, Default)]
pub(super) struct Store(BTreeMap<&'static str, Box<dyn Stored>>);

/// A value of whatever type.
trait Stored: Any + Debug + Send + Sync {}

impl<T: Any + Debug + Send + Sync> Stored for T {}

impl Store {
    /// The value of a setting.
    pub(super) fn get<T: Debug + Send + Sync>(&self, setting: &Setting<T>) -> &Given<T> {
        let stored: &dyn Any = &**self.0.get(setting.key).expect("every setting has a value");
        stored.downcast_ref().expect("a setting's value is of its type")
    }
}

/// What a setting does, whatever its type.
pub(crate) trait AnySetting: Sync {
    /// The key in `imagelint.toml`; none where the file cannot set it.
    fn key(&self) -> Option<&'static str>;

    /// The JSON Schema of its value in the file.
    fn schema(&self) -> Value;

    /// The flag that sets it.
    fn argument(&self) -> Option<Argument>;

    /// Reads its value from the file and the values of its flag, and stores it.
    fn read(&self, file: Option<(Table<'_>, &Source<'_>)>, flag: &[String], store: &mut Store) -> Result<(), String>;

    /// Prints it as the file would.
    fn show(&self, store: &Store, shown: &mut Shown<'_>);
}

impl<T: Debug + Send + Sync> AnySetting for Setting<T> {
    fn key(&self) -> Option<&'static str> {
        self.in_file.as_ref().map(|_| self.key)
    }

    fn schema(&self) -> Value {
        self.in_file.as_ref().map(|file| (file.schema)()).unwrap_or_default()
    }

    fn argument(&self) -> Option<Argument> {
        self.flag.as_ref().map(|flag| flag.argument)
    }

    fn read(&self, file: Option<(Table<'_>, &Source<'_>)>, flag: &[String], store: &mut Store) -> Result<(), String> {
        let in_file = self.in_file.as_ref().zip(file);
        let in_file = in_file.and_then(|(in_file, (table, source))| (in_file.read)(table, self.key, source));
        let by_flag = match self.flag.as_ref().filter(|_| !flag.is_empty()) {
            Some(flag_setting) => Some(((flag_setting.read)(flag)?, flag_setting.over)),
            None => None,
        };
        let given = match (in_file, by_flag) {
            (Some(Placed { value, .. }), Some((flag, over))) => {
                Given { value: over(value, flag), from: From::CommandLine }
            }
            (None, Some((value, _))) => Given { value, from: From::CommandLine },
            (Some(Placed { value, span }), None) => Given { value, from: From::File(span) },
            (None, None) => Given { value: (self.default)(), from: From::Default },
        };
        store.0.insert(self.key, Box::new(given));
        Ok(())
    }

    fn show(&self, store: &Store, shown: &mut Shown<'_>) {
        (self.show)(store.get(self), shown);
    }
}
