//! Findings: what is wrong with a document, where, by which rule, and the fix for it. A finding never changes
//! once it is made. Knows no file system and no format.

#[cfg(feature = "human")]
mod diagnostic;
pub(crate) mod fault;
pub(crate) mod fix;
mod level;
mod rule;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use crate::finding::fix::Fix;
use crate::text::lines::Position;
use crate::text::span::Span;

pub use level::Level;
pub use rule::Rule;
pub(crate) use rule::Sides;

/// Where something is in the text that was linted, in its file and in the tree of its document.
///
/// ```
/// let findings = imagelint::lint(r#"{"image": {"platform": "linux", "state": {"status": "BUILDING"}}}"#);
/// let location = findings[0].location();
/// assert_eq!(location.pointer(), "/image/platform");
/// assert_eq!((location.start().line, location.start().column), (1, 24));
/// ```
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

    /// The RFC 6901 pointer of the innermost value or member that contains it.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The pointer, continued in the JSON that a string holds, as ignores have it.
    pub(crate) fn whole_pointer(&self) -> String {
        format!("{}{}", self.pointer, self.embedded.as_deref().unwrap_or_default())
    }

    /// If that value is a string which holds JSON: the pointer inside that JSON.
    pub fn embedded_pointer(&self) -> Option<&str> {
        self.embedded.as_deref()
    }
}

/// A location with a short text about it.
///
/// ```
/// let findings = imagelint::lint(r#"{"image": {"platform": "Linux", "platform": "Linux"}, "requestId": "x"}"#);
/// let twice = findings.iter().find(|finding| finding.rule().name == "duplicate-json-key").expect("a finding");
/// let labels: Vec<&str> = twice.labels().map(imagelint::Label::text).collect();
/// assert_eq!(labels, ["again here", "first here"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub(crate) location: Location,
    pub(crate) text: Cow<'static, str>,
    pub(crate) file: Option<OtherFile>,
}

/// The file of a label that is in another file than its finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OtherFile {
    /// Its path, as reports name it.
    pub(crate) path: String,
}

impl Label {
    /// The location that is marked.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The text to show there; may be empty.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The path of the file that the label is in, if that is not the file of the finding.
    pub fn other_file(&self) -> Option<&str> {
        self.file.as_ref().map(|file| file.path.as_str())
    }
}

/// A fault of a document, found by one rule.
///
/// ```
/// let findings = imagelint::lint(r#"{"image": {"platform": "linux", "state": {"status": "BUILDING"}}}"#);
/// let finding = &findings[0];
/// assert_eq!(finding.rule().name, "enum-value");
/// assert_eq!(finding.level(), imagelint::Level::Error);
/// assert!(finding.message().contains("`linux`"));
/// ```
#[derive(Debug, Clone)]
pub struct Finding {
    pub(crate) rule: &'static Rule,
    pub(crate) level: Level,
    pub(crate) message: String,
    /// The span of the value that it is about.
    pub(crate) subject: Span,
    pub(crate) primary: Label,
    pub(crate) others: Vec<Label>,
    pub(crate) help: Option<Cow<'static, str>>,
    pub(crate) fix: Option<Fix>,
    /// Whether the text of the fix has a secret in it, so that reports leave the fix out.
    pub(crate) hides_fix: bool,
    pub(crate) document: usize,
    /// Of a comparison of documents: what both describe, by which they were brought together.
    pub(crate) key: Option<String>,
}

impl Finding {
    /// The rule that the finding is reported under.
    pub fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// The level, after settings.
    pub fn level(&self) -> Level {
        self.level
    }

    /// What was found and what was expected; lower case, without a full stop.
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

    /// All labels; the first marks the fault itself.
    pub fn labels(&self) -> impl Iterator<Item = &Label> {
        std::iter::once(&self.primary).chain(&self.others)
    }

    /// The fix, if there is one.
    pub fn fix(&self) -> Option<&Fix> {
        self.fix.as_ref()
    }

    /// The fix, unless there is a secret in it: what may be shown.
    pub fn printable_fix(&self) -> Option<&Fix> {
        self.fix.as_ref().filter(|_| !self.hides_fix)
    }

    /// The index of its document in the file, from 0.
    pub fn document(&self) -> usize {
        self.document
    }

    /// The key by which findings of one text are sorted: span, then name of the rule.
    pub(crate) fn order(&self) -> (Span, &'static str) {
        (self.primary.location.span, self.rule.name)
    }
}

/// The message.
impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for Finding {}
