//! Adds ignores to the text of an `imagelint.toml`, whose comments and order stay.

use toml_edit::{Array, ArrayOfTables, Datetime, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use crate::finding::Finding;

/// An ignore to add.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NewIgnore {
    /// The glob of its files, from the folder of the settings.
    pub(crate) path: String,
    /// The name of the rule.
    pub(crate) rule: &'static str,
    /// The pattern of pointers; none for all.
    pub(crate) pointer: Option<String>,
}

impl NewIgnore {
    /// The ignore for one finding in a file that settings name this way.
    pub(crate) fn of(finding: &Finding, name: &str) -> Self {
        NewIgnore { path: glob_of(name), rule: finding.rule.name, pointer: Some(finding.location().whole_pointer()) }
    }
}

/// Why ignores are added, and until when they count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grounds<'g> {
    pub(crate) reason: &'g str,
    /// The last day.
    pub(crate) expires: Option<&'g str>,
}

/// The glob that matches a path as written.
pub(crate) fn glob_of(path: &str) -> String {
    let mut glob = String::with_capacity(path.len());
    for char in path.chars() {
        if matches!(char, '*' | '?' | '[' | ']' | '{' | '}' | '\\') {
            glob.extend(['[', char, ']']);
        } else {
            glob.push(char);
        }
    }
    glob
}

/// The text of an `imagelint.toml` with more ignores. One that is there already gets the new reason and date.
///
/// # Errors
///
/// If the text is not TOML or has something else in the place of ignores.
pub(crate) fn with_ignores(text: &str, ignores: &[NewIgnore], grounds: Grounds<'_>) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    let is_first = !document.contains_key("ignore");
    match document.entry("ignore").or_insert(Item::ArrayOfTables(ArrayOfTables::new())) {
        Item::ArrayOfTables(tables) => {
            add_tables(tables, ignores, grounds);
            // What stands at the end of the file stays in front of what is added there.
            if let Some(table) = tables.get_mut(0).filter(|_| is_first) {
                let gap = if trailing.is_empty() { "\n" } else { "" };
                let gap = if text.is_empty() { "" } else { gap };
                let end = if trailing.trim().is_empty() { "" } else { "\n" };
                table.decor_mut().set_prefix(format!("{gap}{trailing}{end}"));
                document.set_trailing("");
            }
        }
        Item::Value(Value::Array(array)) => add_values(array, ignores, grounds),
        _ => return Err("`ignore` is no array of tables".to_owned()),
    }
    let added = document.to_string();
    Ok(if text.contains("\r\n") { added.replace('\n', "\r\n") } else { added })
}

fn add_tables(tables: &mut ArrayOfTables, ignores: &[NewIgnore], grounds: Grounds<'_>) {
    for ignore in ignores {
        if let Some(table) = tables.iter_mut().find(|table| is_for(*table, ignore)) {
            set_grounds(table, grounds);
            continue;
        }
        let mut table = Table::new();
        fill(&mut table, ignore, grounds);
        tables.push(table);
    }
}

fn add_values(array: &mut Array, ignores: &[NewIgnore], grounds: Grounds<'_>) {
    for ignore in ignores {
        if let Some(table) =
            array.iter_mut().filter_map(Value::as_inline_table_mut).find(|table| is_for(*table, ignore))
        {
            set_grounds(table, grounds);
            continue;
        }
        let mut table = InlineTable::new();
        fill(&mut table, ignore, grounds);
        array.push(table);
    }
}

/// Whether an entry is about the same findings.
fn is_for(table: &dyn TableLike, ignore: &NewIgnore) -> bool {
    let text = |key: &str| table.get(key).and_then(Item::as_str);
    text("rule") == Some(ignore.rule)
        && text("path") == Some(&*ignore.path)
        && text("pointer") == ignore.pointer.as_deref()
}

fn fill(table: &mut dyn TableLike, ignore: &NewIgnore, grounds: Grounds<'_>) {
    table.insert("rule", toml_edit::value(ignore.rule));
    table.insert("path", toml_edit::value(&*ignore.path));
    if let Some(pointer) = &ignore.pointer {
        table.insert("pointer", toml_edit::value(&**pointer));
    }
    set_grounds(table, grounds);
}

fn set_grounds(table: &mut dyn TableLike, Grounds { reason, expires }: Grounds<'_>) {
    table.insert("reason", toml_edit::value(reason));
    match expires.map(|date| (date, date.parse::<Datetime>())) {
        None => drop(table.remove("expires")),
        Some((_, Ok(date))) => drop(table.insert("expires", toml_edit::value(date))),
        // The settings read it as a date, too.
        Some((date, Err(_))) => drop(table.insert("expires", toml_edit::value(date))),
    }
}
