//! Findings: what is wrong with a document, where, by which rule, and the edit that mends it. A finding is
//! made once, complete. Knows no file system and no format.

pub(crate) mod fault;
pub(crate) mod fix;
mod level;
mod rule;

use std::borrow::Cow;

use crate::finding::fix::Fix;
use crate::text::lines::Position;
use crate::text::span::Span;

pub use level::Level;
pub use rule::Rule;

/// A place in the text that was linted, and in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    pub(crate) span: Span,
    pub(crate) start: Position,
    pub(crate) end: Position,
    pub(crate) pointer: String,
    pub(crate) embedded: Option<String>,
}

impl Location {
    /// Where it starts in the file.
    pub fn start(&self) -> Position {
        self.start
    }

    /// Where it ends in the file: the position after its last character.
    pub fn end(&self) -> Position {
        self.end
    }

    /// The RFC 6901 pointer of the value or member at that place.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Where that value is a string which holds JSON, the pointer inside it.
    pub fn embedded_pointer(&self) -> Option<&str> {
        self.embedded.as_deref()
    }
}

/// A place and what to say about it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub(crate) location: Location,
    pub(crate) text: Cow<'static, str>,
    pub(crate) file: Option<OtherFile>,
}

/// The file of a label that does not stand in the finding's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OtherFile {
    /// Its path, as reports name it.
    pub(crate) path: String,
}

impl Label {
    /// The place.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// What to say there; may be empty.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The path of the file that it stands in, where that is not the finding's own.
    pub fn other_file(&self) -> Option<&str> {
        self.file.as_ref().map(|file| file.path.as_str())
    }
}

/// One fault of a document.
#[derive(Debug, Clone)]
pub struct Finding {
    pub(crate) rule: &'static Rule,
    pub(crate) level: Level,
    pub(crate) message: String,
    /// The value that it is about.
    pub(crate) subject: Span,
    pub(crate) primary: Label,
    pub(crate) others: Vec<Label>,
    pub(crate) help: Option<Cow<'static, str>>,
    pub(crate) fix: Option<Fix>,
    pub(crate) document: usize,
}

impl Finding {
    /// The rule that found it.
    pub fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// Its level under the settings that applied.
    pub fn level(&self) -> Level {
        self.level
    }

    /// What was found and what was expected; lower case, no full stop.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    pub fn help(&self) -> &str {
        self.help.as_deref().unwrap_or(self.rule.help)
    }

    /// Where the fault is.
    pub fn location(&self) -> &Location {
        &self.primary.location
    }

    /// All places that matter to it, where the fault is first.
    pub fn labels(&self) -> impl Iterator<Item = &Label> {
        std::iter::once(&self.primary).chain(&self.others)
    }

    /// The edit that mends it, if there is one.
    pub fn fix(&self) -> Option<&Fix> {
        self.fix.as_ref()
    }

    /// Which of the documents in its file it is about, from 0.
    pub fn document(&self) -> usize {
        self.document
    }

    /// What findings of one text are sorted by: their places, then their rules.
    pub(crate) fn order(&self) -> (Span, &'static str) {
        (self.primary.location.span, self.rule.name)
    }
}
