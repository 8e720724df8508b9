//! Reads values of expected types from TOML tables and collects mistakes with their spans.

use std::cell::RefCell;
use std::ops::Range;

use globset::{GlobBuilder, GlobSetBuilder};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::finding::Rule;
use crate::finding::fault::Fault;
use crate::settings::folder::Folder;
use crate::text::quote::counted;
use crate::text::span::Span;
use crate::text::suggest;

/// The rule under which mistakes in settings are reported. It is not in the list of rules.
pub(super) static MISTAKE: Rule = Rule { name: "settings", ..Rule::BASE };

/// A value and its span in the file.
#[derive(Debug, Clone)]
pub(crate) struct WithSpan<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

impl<T> WithSpan<T> {
    /// What is made of the value, with the same span.
    pub(super) fn map<U>(self, make: impl FnOnce(T) -> U) -> WithSpan<U> {
        WithSpan { value: make(self.value), span: self.span }
    }
}

/// A glob for paths: `*` and `?` do not match `/`, `**` does. As in a shell, a leading `./` and a trailing `/` have no
/// meaning.
#[derive(Debug, Clone)]
pub(super) struct Glob(pub(super) globset::Glob);

impl Glob {
    /// The longest glob in bytes. No path is as long, and a longer one may be too large to be compiled.
    pub(super) const LONGEST: usize = 1 << 16;

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("an empty glob matches no path".to_owned());
        }
        let plain = text.strip_prefix("./").unwrap_or(text);
        let plain = plain.strip_suffix('/').filter(|plain| !plain.is_empty()).unwrap_or(plain);
        let too_long = || format!("this glob of {} is too long", counted(text.len(), "byte"));
        if text.len() > Glob::LONGEST {
            return Err(too_long());
        }
        let glob = GlobBuilder::new(plain).literal_separator(true).build();
        let glob = glob.map_err(|error| format!("`{text}` is no glob: {}", error.kind()))?;
        GlobSetBuilder::new().add(glob.clone()).build().map_err(|_| too_long())?;
        Ok(Glob(glob))
    }
}

/// The mistakes found so far.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(RefCell<Vec<Fault>>);

impl Mistakes {
    /// Adds a mistake.
    pub(super) fn add(&self, span: impl Into<Span>, message: impl Into<String>) {
        self.0.borrow_mut().push(Fault::new(&MISTAKE, span.into(), message));
    }

    /// All of them, in the order of the text.
    pub(super) fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.0.into_inner();
        faults.sort_by_key(|fault| fault.primary.span);
        faults
    }
}

/// A table of the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table<'t> {
    entries: &'t DeTable<'t>,
    pub(super) span: Span,
    pub(super) mistakes: &'t Mistakes,
}

/// A file, which values in it are relative to.
#[derive(Debug)]
pub(crate) struct Source<'f> {
    /// Its path, as messages name it.
    pub(super) name: &'f str,
    /// The folder that it is in.
    pub(super) folder: &'f Folder,
}

impl<'t> Table<'t> {
    pub(super) fn new(entries: &'t DeTable<'t>, span: impl Into<Span>, mistakes: &'t Mistakes) -> Self {
        Table { entries, span: span.into(), mistakes }
    }

    /// Reports every other key as a mistake.
    pub(super) fn allow_keys(self, keys: &[&str]) -> Self {
        for key in self.entries.keys().filter(|key| !keys.contains(&key.get_ref().as_ref())) {
            let otherwise = format!("the keys here are {}", listed(keys));
            let message = suggest::unknown("key", key.get_ref(), keys.iter().copied(), &otherwise);
            self.mistakes.add(key.span(), message);
        }
        self
    }

    /// The table's keys and values.
    pub(super) fn entries(self) -> impl Iterator<Item = (WithSpan<&'t str>, &'t Spanned<DeValue<'t>>)> {
        self.entries
            .iter()
            .map(|(key, value)| (WithSpan { value: key.get_ref().as_ref(), span: key.span().into() }, value))
    }

    /// Reports a mistake if a required key is missing, or its value is an empty array.
    pub(super) fn require(self, key: &str, why: &str) {
        match self.get(key) {
            None => self.mistakes.add(self.span, format!("`{key}` is missing; {why}")),
            Some(value) if value.get_ref().as_array().is_some_and(|array| array.is_empty()) => {
                self.mistakes.add(value.span(), format!("`{key}` is empty; {why}"));
            }
            Some(_) => {}
        }
    }

    /// The span of the value of a key.
    pub(super) fn span_of(self, key: &str) -> Option<Span> {
        self.get(key).map(|value| value.span().into())
    }

    fn get(self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.entries.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    /// The value of a key, if it has the expected type; else that is a mistake.
    fn read<T>(
        self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&'t DeValue<'t>) -> Option<T>,
    ) -> Option<WithSpan<T>> {
        read_as(key, self.get(key)?, expected, self.mistakes, read)
    }

    /// The boolean of a key.
    pub(super) fn flag(self, key: &str) -> Option<WithSpan<bool>> {
        self.read(key, "true or false", DeValue::as_bool)
    }

    /// The string of a key.
    pub(super) fn text(self, key: &str) -> Option<WithSpan<&'t str>> {
        self.read(key, "a string", DeValue::as_str)
    }

    /// The string of a key, converted; an error is a mistake.
    pub(super) fn text_as<T>(self, key: &str, read: impl FnOnce(&'t str) -> Result<T, String>) -> Option<WithSpan<T>> {
        self.convert(&self.text(key)?, read)
    }

    /// The glob of a key.
    pub(super) fn glob(self, key: &str) -> Option<WithSpan<Glob>> {
        self.text_as(key, Glob::read)
    }

    /// The array of globs of a key.
    pub(super) fn globs(self, key: &str) -> Vec<WithSpan<Glob>> {
        self.texts_as(key, Glob::read)
    }

    /// The array of strings of a key, converted; errors are mistakes.
    pub(super) fn texts_as<T>(self, key: &str, read: impl Fn(&'t str) -> Result<T, String>) -> Vec<WithSpan<T>> {
        let Some(array) = self.read(key, "an array of strings", DeValue::as_array) else {
            return Vec::new();
        };
        let texts =
            array.value.iter().filter_map(|item| read_as(key, item, "a string", self.mistakes, DeValue::as_str));
        texts.filter_map(|text| self.convert(&text, &read)).collect()
    }

    fn convert<S: Copy, T>(
        self,
        written: &WithSpan<S>,
        read: impl FnOnce(S) -> Result<T, String>,
    ) -> Option<WithSpan<T>> {
        let WithSpan { value, span } = *written;
        read(value).map_err(|message| self.mistakes.add(span, message)).ok().map(|value| WithSpan { value, span })
    }

    /// The date of a key, as a TOML date or a string, converted; an error is a mistake.
    pub(super) fn date_as<T>(self, key: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<WithSpan<T>> {
        let written = |value: &DeValue<'_>| {
            value.as_str().map(str::to_owned).or_else(|| value.as_datetime().map(ToString::to_string))
        };
        let WithSpan { value, span } = self.read(key, "a date", written)?;
        self.convert(&WithSpan { value: value.as_str(), span }, read)
    }

    /// The size of a key, as a number of bytes or a string, converted; an error is a mistake.
    pub(super) fn size_as<T>(self, key: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<WithSpan<T>> {
        let written = |value: &DeValue<'_>| {
            value.as_str().map(str::to_owned).or_else(|| value.as_integer().map(ToString::to_string))
        };
        let WithSpan { value, span } = self.read(key, "a size", written)?;
        self.convert(&WithSpan { value: value.as_str(), span }, read)
    }

    /// The table of a key.
    pub(super) fn table(self, key: &str) -> Option<Table<'t>> {
        let WithSpan { value, span } = self.read(key, "a table", DeValue::as_table)?;
        Some(Table { entries: value, span, ..self })
    }

    /// The array of tables of a key.
    pub(super) fn tables(self, key: &str) -> Option<WithSpan<Vec<Table<'t>>>> {
        let span = self.span_of(key)?;
        let expected = format!("an array of tables, each headed `[[{key}]]`");
        let items = self.read(key, &expected, DeValue::as_array).into_iter().flat_map(|array| array.value.iter());
        let tables = items.filter_map(|item| read_as(key, item, "a table", self.mistakes, DeValue::as_table));
        let value = tables.map(|table| Table { entries: table.value, span: table.span, ..self }).collect();
        Some(WithSpan { value, span })
    }
}

/// Reads a value of the expected type; another type is a mistake.
pub(super) fn read_as<'t, T>(
    key: &str,
    value: &'t Spanned<DeValue<'t>>,
    expected: &str,
    mistakes: &Mistakes,
    read: impl FnOnce(&'t DeValue<'t>) -> Option<T>,
) -> Option<WithSpan<T>> {
    let span: Range<usize> = value.span();
    let found = read(value.get_ref());
    if found.is_none() {
        let kind = value.get_ref().type_str();
        let article = if kind.starts_with(['a', 'i']) { "an" } else { "a" };
        mistakes.add(span.clone(), format!("`{key}` holds {article} {kind}; {expected} was expected"));
    }
    Some(WithSpan { value: found?, span: span.into() })
}

/// Names in backquotes, with commas between them.
pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
