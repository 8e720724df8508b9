//! The type of a setting: how it is read from the file and the command line, documented and printed.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt::Debug;

use serde_json::Value;

use crate::settings::reader::{Source, Table, WithSpan};
use crate::settings::show::TomlPrinter;
use crate::text::span::Span;

/// What set the value of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetBy {
    /// The command line.
    CommandLine,
    /// `imagelint.toml`, at this span.
    File(Span),
    /// Neither: the value is the default.
    Default,
}

/// A value and what set it.
#[derive(Debug, Clone)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    pub(crate) set_by: SetBy,
}

/// A setting with values of type `T`.
pub(crate) struct Setting<T: 'static> {
    /// The key in `imagelint.toml`; for a setting that the file cannot set, the name of the flag.
    pub(crate) key: &'static str,
    /// The default value.
    pub(crate) default: fn() -> T,
    /// Whether it is about the whole run: then the file above the working directory sets it, not that of each document.
    pub(crate) is_of_run: bool,
    /// How the file sets it, if it can.
    pub(crate) in_file: Option<InFile<T>>,
    /// How the command line sets it, if it can.
    pub(crate) flag: Option<Flag<T>>,
    /// Prints it in the syntax of `imagelint.toml`, with what set it.
    pub(crate) show: fn(&Given<T>, &mut TomlPrinter<'_>),
}

/// How `imagelint.toml` sets a setting.
pub(crate) struct InFile<T> {
    /// Reads the value of the key from the table.
    pub(crate) read: for<'t> fn(Table<'t>, &'static str, &Source<'_>) -> Option<WithSpan<T>>,
    /// The JSON Schema of the value.
    pub(crate) schema: fn() -> Value,
}

/// How the command line sets a setting.
pub(crate) struct Flag<T> {
    /// Its name and help.
    pub(crate) argument: Argument,
    /// Reads the values on the command line.
    pub(crate) read: fn(&[String]) -> Result<T, String>,
    /// Merges the value of the file, which comes first, with that of the flag.
    pub(crate) merge: fn(T, T) -> T,
}

/// The flag of a setting, as the command line documents it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Argument {
    /// Its name, without `--`.
    pub(crate) name: &'static str,
    /// What it does, in one line.
    pub(crate) help: &'static str,
    /// The name of its value in the help; none for a switch.
    pub(crate) value: Option<&'static str>,
    /// The allowed values; empty for any.
    pub(crate) values: &'static [&'static str],
    /// Checks a single value, so that the command line can report an invalid one.
    pub(crate) check: fn(&str) -> Result<(), String>,
    /// Whether it may be given several times, or several values with commas between them.
    pub(crate) is_list: bool,
    /// Its position in the help.
    pub(crate) order: usize,
}

/// Merges values by taking that of the flag.
pub(super) fn replace_file_value<T>(_file: T, flag: T) -> T {
    flag
}

/// The values of all settings, by their keys.
#[derive(Debug, Default)]
pub(crate) struct Store(BTreeMap<&'static str, Box<dyn Stored>>);

/// A value of any type.
trait Stored: Any + Debug + Send + Sync {}

impl<T: Any + Debug + Send + Sync> Stored for T {}

impl Store {
    /// The value of a setting.
    pub(super) fn get<T: Debug + Send + Sync>(&self, setting: &Setting<T>) -> &Given<T> {
        let stored: &dyn Any = &**self.0.get(setting.key).expect("every setting has a value");
        stored.downcast_ref().expect("a setting's value is of its type")
    }
}

/// A setting, without the type of its values.
pub(crate) trait AnySetting: Sync {
    /// The key in `imagelint.toml`; none where the file cannot set it.
    fn key(&self) -> Option<&'static str>;

    /// The JSON Schema of its value in the file.
    fn schema(&self) -> Value;

    /// Whether it is about the whole run.
    fn is_of_run(&self) -> bool;

    /// The flag that sets it.
    fn argument(&self) -> Option<Argument>;

    /// Reads its value from the file and the values of its flag, and stores it.
    fn read(&self, file: Option<(Table<'_>, &Source<'_>)>, flag: &[String], store: &mut Store) -> Result<(), String>;

    /// Prints its value in the syntax of the file.
    fn show(&self, store: &Store, printer: &mut TomlPrinter<'_>);
}

impl<T: Debug + Send + Sync> AnySetting for Setting<T> {
    fn key(&self) -> Option<&'static str> {
        self.in_file.as_ref().map(|_| self.key)
    }

    fn schema(&self) -> Value {
        self.in_file.as_ref().map(|file| (file.schema)()).unwrap_or_default()
    }

    fn is_of_run(&self) -> bool {
        self.is_of_run
    }

    fn argument(&self) -> Option<Argument> {
        self.flag.as_ref().map(|flag| flag.argument)
    }

    fn read(&self, file: Option<(Table<'_>, &Source<'_>)>, flag: &[String], store: &mut Store) -> Result<(), String> {
        let in_file = self.in_file.as_ref().zip(file);
        let in_file = in_file.and_then(|(in_file, (table, source))| (in_file.read)(table, self.key, source));
        let by_flag = match self.flag.as_ref().filter(|_| !flag.is_empty()) {
            Some(flag_setting) => Some(((flag_setting.read)(flag)?, flag_setting.merge)),
            None => None,
        };
        let given = match (in_file, by_flag) {
            (Some(WithSpan { value, .. }), Some((flag, merge))) => {
                Given { value: merge(value, flag), set_by: SetBy::CommandLine }
            }
            (None, Some((value, _))) => Given { value, set_by: SetBy::CommandLine },
            (Some(WithSpan { value, span }), None) => Given { value, set_by: SetBy::File(span) },
            (None, None) => Given { value: (self.default)(), set_by: SetBy::Default },
        };
        store.0.insert(self.key, Box::new(given));
        Ok(())
    }

    fn show(&self, store: &Store, printer: &mut TomlPrinter<'_>) {
        (self.show)(store.get(self), printer);
    }
}
