//! What the server reads and writes of the Language Server Protocol, by the names that the protocol has. Parameters are
//! looked up in the JSON: the types for all that clients may say are many times as much code.

use serde::Serialize;
use serde_json::{Value, json};

/// A place in a text. Columns are counted in the units that client and server have agreed on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Position {
    pub(super) line: u32,
    pub(super) character: u32,
}

/// What is between two places.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Range {
    pub(super) start: Position,
    pub(super) end: Position,
}

/// The replacement of a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TextEdit {
    pub(super) range: Range,
    pub(super) new_text: String,
}

/// A fix, or something else that can be done.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeAction {
    pub(super) title: String,
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) diagnostics: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_preferred: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) edit: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<Value>,
}

/// What can be written at the cursor.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CompletionItem {
    pub(super) label: String,
    pub(super) kind: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) documentation: Option<Value>,
    pub(super) filter_text: String,
    pub(super) sort_text: String,
    pub(super) insert_text_format: u8,
    pub(super) text_edit: Option<TextEdit>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) additional_text_edits: Vec<TextEdit>,
}

/// The kind of an action that mends a finding or lets it be ignored.
pub(super) const QUICK_FIX: &str = "quickfix";

/// Kinds of completions.
pub(super) mod completion_kind {
    pub(in crate::lsp) const PROPERTY: u8 = 10;
    pub(in crate::lsp) const VALUE: u8 = 12;
    pub(in crate::lsp) const KEYWORD: u8 = 14;
    pub(in crate::lsp) const ENUM_MEMBER: u8 = 20;
}

/// How urgent a diagnostic, a message to the user or a line of the log is.
pub(super) mod severity {
    pub(in crate::lsp) const ERROR: u8 = 1;
    pub(in crate::lsp) const WARNING: u8 = 2;
    pub(in crate::lsp) const INFORMATION: u8 = 3;
}

/// Something for the client to run.
pub(super) fn command(title: &str, command: &str, arguments: &[Value]) -> Value {
    json!({ "title": title, "command": command, "arguments": arguments })
}

/// The parameters of a message are not those of its method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrongParams;

/// The parameters of a message, or a part of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Params<'p>(pub(super) &'p Value);

impl<'p> Params<'p> {
    /// What a JSON Pointer leads to, unless it is null.
    pub(super) fn get(self, pointer: &str) -> Option<&'p Value> {
        self.0.pointer(pointer).filter(|value| !value.is_null())
    }

    /// Whether a member is true.
    pub(super) fn is_true(self, pointer: &str) -> bool {
        self.get(pointer) == Some(&Value::Bool(true))
    }

    /// A text.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(super) fn text(self, pointer: &str) -> Result<&'p str, WrongParams> {
        self.get(pointer).and_then(Value::as_str).ok_or(WrongParams)
    }

    /// The texts in an array; none if there is no array.
    pub(super) fn texts(self, pointer: &str) -> Option<Vec<&'p str>> {
        let items = self.get(pointer)?.as_array()?;
        Some(items.iter().filter_map(Value::as_str).collect())
    }

    /// The items of an array.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(super) fn items(self, pointer: &str) -> Result<impl Iterator<Item = Params<'p>>, WrongParams> {
        let items = self.get(pointer).and_then(Value::as_array).ok_or(WrongParams)?;
        Ok(items.iter().map(Params))
    }

    /// The address of the text that a request is about.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(super) fn document(self) -> Result<&'p str, WrongParams> {
        self.text("/textDocument/uri")
    }

    /// The version of the text that a notification is about.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(super) fn version(self) -> Result<i32, WrongParams> {
        let version = self.get("/textDocument/version").and_then(Value::as_i64);
        version.and_then(|version| i32::try_from(version).ok()).ok_or(WrongParams)
    }

    /// A position.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(super) fn position(self, pointer: &str) -> Result<Position, WrongParams> {
        let number = |name: &str| {
            let number = self.get(pointer).and_then(|position| position.get(name)).and_then(Value::as_u64);
            number.and_then(|number| u32::try_from(number).ok()).ok_or(WrongParams)
        };
        Ok(Position { line: number("line")?, character: number("character")? })
    }

    /// The range in the member `range`.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(super) fn range(self) -> Result<Range, WrongParams> {
        Ok(Range { start: self.position("/range/start")?, end: self.position("/range/end")? })
    }
}
