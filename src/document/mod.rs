//! A document: its text and the one tree that carries a span for every value and every key.
//! Reading never fails; text that is not JSON is a document with syntax findings in it.

pub mod secret;
pub mod split;
pub mod syntax;

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::fmt::Write as _;

use jsonc_parser::ast::{Object, ObjectProp, ObjectPropName, StringLit};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};

use crate::finding::{Finding, Level, Span};
use crate::model::shape::same_name;
use crate::text::lines::Before;
use crate::text::quote::{masked, quoted};

/// A JSON value of the tree; strings are unescaped, numbers keep their text.
pub type Value<'t> = jsonc_parser::ast::Value<'t>;

/// JSON as RFC 8259 defines it: every leniency of the parser is off.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// The tree of a text whose only faults are comments and trailing commas, which people write by
/// hand: what else is wrong can still be told, and configuration files of other tools be passed over.
fn lenient(text: &str) -> Option<Value<'_>> {
    let options = ParseOptions { allow_comments: true, allow_trailing_commas: true, ..STRICT };
    jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &options).ok()?.value
}

/// A file's bytes as text.
#[derive(Debug)]
pub struct Text<'b> {
    /// The text, without a byte order mark.
    pub text: Cow<'b, str>,
    /// How many bytes of the file come before the text: those of a UTF-8 byte order mark, and of
    /// earlier documents in the file.
    pub base: usize,
    /// The lines and columns of the file that come before the text.
    pub before: Before,
    /// What is wrong with the encoding.
    pub finding: Option<Finding>,
}

impl<'b> Text<'b> {
    /// Decodes UTF-8, with or without a byte order mark, and UTF-16, which Windows PowerShell writes.
    /// Where the bytes are neither, the text ends before the first bad one.
    pub fn decode(bytes: &'b [u8]) -> Self {
        match bytes {
            [0xEF, 0xBB, 0xBF, rest @ ..] => Text { base: 3, ..Text::utf8(rest) },
            [0xFF, 0xFE, rest @ ..] => Text::utf16(rest, u16::from_le_bytes, "little-endian"),
            [0xFE, 0xFF, rest @ ..] => Text::utf16(rest, u16::from_be_bytes, "big-endian"),
            [first, 0, ..] if *first != 0 => Text::utf16(bytes, u16::from_le_bytes, "little-endian"),
            [0, second, ..] if *second != 0 => Text::utf16(bytes, u16::from_be_bytes, "big-endian"),
            _ => Text::utf8(bytes),
        }
    }

    fn utf8(bytes: &'b [u8]) -> Self {
        let error = match std::str::from_utf8(bytes) {
            Ok(text) => return Text { text: Cow::Borrowed(text), base: 0, before: Before::default(), finding: None },
            Err(error) => error,
        };
        let at = error.valid_up_to();
        // The bad byte is shown as U+FFFD; nothing after it has a place of its own.
        let text = String::from_utf8_lossy(&bytes[..=at]).into_owned();
        let message = format!("byte {at} (0x{:02X}) is not UTF-8", bytes[at]);
        let mut finding = Finding::new("encoding", Level::Error, Span::new(at, text.len()), message);
        finding.says("the first bad byte");
        Text { text: Cow::Owned(text), base: 0, before: Before::default(), finding: Some(finding) }
    }

    fn utf16(bytes: &'b [u8], unit: fn([u8; 2]) -> u16, order: &str) -> Self {
        let units = bytes.chunks(2).map(|pair| unit([pair[0], pair.get(1).copied().unwrap_or(0)]));
        let mut text = String::with_capacity(bytes.len() / 2);
        for decoded in char::decode_utf16(units) {
            let Ok(char) = decoded else {
                let at = text.len();
                text.push(char::REPLACEMENT_CHARACTER);
                let message = format!("the text is {order} UTF-16 and breaks off at a lone surrogate");
                let finding = Finding::new("encoding", Level::Error, Span::new(at, text.len()), message);
                return Text { text: Cow::Owned(text), base: 0, before: Before::default(), finding: Some(finding) };
            };
            text.push(char);
        }
        let end = text.chars().next().map_or(0, char::len_utf8);
        let message = format!("the file is {order} UTF-16; JSON is exchanged as UTF-8");
        let mut finding = Finding::new("encoding", Level::Warning, Span::new(0, end), message);
        finding.help(
            "Windows PowerShell writes UTF-16 with `>`; use `| Out-File -Encoding utf8`, or PowerShell 7, \
             and convert this file once",
        );
        Text { text: Cow::Owned(text), base: 0, before: Before::default(), finding: Some(finding) }
    }

    /// Whether the bytes could be decoded to their end.
    pub fn is_whole(&self) -> bool {
        self.finding.as_ref().is_none_or(|finding| finding.level != Level::Error)
    }
}

/// A text and its tree.
#[derive(Debug)]
pub struct Document<'t> {
    /// The text that all spans refer to.
    pub text: &'t str,
    /// The tree; none where the text is not JSON, but for comments and trailing commas.
    pub root: Option<Value<'t>>,
    /// Syntax findings and duplicate keys.
    pub faults: Vec<Finding>,
    /// Whether the walk met a misspelt member, so that look-ups by name must reckon with them.
    pub(crate) misspelt: Cell<bool>,
}

impl<'t> Document<'t> {
    /// Reads a text.
    pub fn parse(text: &'t str) -> Self {
        let parsed = jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &STRICT);
        let root = match parsed {
            Ok(parsed) => parsed.value,
            Err(error) => {
                return Document { root: lenient(text), ..Document::faulty(text, syntax::finding(text, &error)) };
            }
        };
        let Some(root) = root else {
            return Document::faulty(text, syntax::empty(text));
        };
        let mut inspection = Inspection { text, suspicious: has_odd_bytes(text), faults: Vec::new() };
        inspection.visit(&root);
        // The parser also takes control characters in strings and white space that is not JSON's.
        if inspection.suspicious
            && let Some(fault) = syntax::leniency(text)
        {
            return Document::faulty(text, fault);
        }
        Document { text, root: Some(root), faults: inspection.faults, misspelt: Cell::new(false) }
    }

    fn faulty(text: &'t str, fault: Finding) -> Self {
        Document { text, root: None, faults: vec![fault], misspelt: Cell::new(false) }
    }

    /// Fills in the pointers of a finding's places.
    pub fn locate(&self, finding: &mut Finding) {
        finding.labels_mut().for_each(|label| label.pointer = self.pointer(label.span));
    }

    /// The items of an array as documents of their own, when it is an array that holds objects.
    ///
    /// # Errors
    ///
    /// The document itself, when it is none.
    pub fn into_items(self) -> Result<Vec<Self>, Self> {
        let Document { text, root: Some(Value::Array(array)), mut faults, .. } = self else {
            return Err(self);
        };
        if !array.elements.iter().any(|item| item.as_object().is_some()) {
            return Err(Document { text, root: Some(Value::Array(array)), faults, misspelt: Cell::new(false) });
        }
        let mut items = Vec::with_capacity(array.elements.len());
        for root in array.elements.into_iter().rev() {
            // Faults stand in the order of the items: a search from the start for each would be quadratic.
            let first = faults.partition_point(|fault| fault.primary.span.start < root.start());
            let faults = faults.split_off(first);
            items.push(Document { text, root: Some(root), faults, misspelt: Cell::new(false) });
        }
        items.reverse();
        // What is wrong before the first item, such as a comment, is told with it.
        if let Some(first) = items.first_mut() {
            first.faults.splice(..0, faults);
        }
        Ok(items)
    }

    /// The RFC 6901 pointer of the innermost value or member that holds the span.
    pub fn pointer(&self, span: Span) -> String {
        let mut pointer = String::new();
        let mut value = self.root.as_ref();
        while let Some(inner) = value {
            value = match inner {
                Value::Object(object) => {
                    let properties = &object.properties;
                    let index = properties.partition_point(|property| property.range.end < span.end);
                    let holder = properties.get(index).filter(|property| Span::from(property.range).contains(span));
                    holder.map(|property| {
                        push_token(&mut pointer, name_of(property));
                        &property.value
                    })
                }
                Value::Array(array) => {
                    let index = array.elements.partition_point(|item| item.end() < span.end);
                    let holder = array.elements.get(index).filter(|item| Span::from(item.range()).contains(span));
                    holder.inspect(|_| write!(pointer, "/{index}").expect("a String takes all"))
                }
                _ => None,
            };
        }
        pointer
    }
}

fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    // Names may be anything, a presigned URL too.
    for char in masked(token).chars() {
        match char {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The tokens of an RFC 6901 pointer, unescaped.
pub fn tokens(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}

/// The value at an RFC 6901 pointer.
pub fn at<'v, 't>(root: &'v Value<'t>, pointer: &str) -> Option<&'v Value<'t>> {
    tokens(pointer).try_fold(root, |value, token| match value {
        Value::Object(object) => member(object, &token).map(|property| &property.value),
        Value::Array(array) => array.elements.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

/// The name of a member, unescaped.
pub fn name_of<'v>(property: &'v ObjectProp<'_>) -> &'v str {
    &key_of(property).value
}

/// The key of a member.
pub fn key_of<'v, 't>(property: &'v ObjectProp<'t>) -> &'v StringLit<'t> {
    match &property.name {
        ObjectPropName::String(key) => key,
        ObjectPropName::Word(_) => unreachable!("loose property names are not allowed"),
    }
}

/// The member of that name; of several, the first.
pub fn member<'v, 't>(object: &'v Object<'t>, name: &str) -> Option<&'v ObjectProp<'t>> {
    object.properties.iter().find(|property| name_of(property) == name)
}

/// What a value is, in JSON's words.
pub fn type_name(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "a string",
        Value::NumberLit(_) => "a number",
        Value::BooleanLit(_) => "a boolean",
        Value::Object(_) => "an object",
        Value::Array(_) => "an array",
        Value::NullKeyword(_) => "null",
    }
}

/// Bytes that only strings may hold; anywhere else they are no white space of JSON's.
fn has_odd_bytes(text: &str) -> bool {
    !text.is_ascii() || memchr::memchr2(0x0B, 0x0C, text.as_bytes()).is_some()
}

/// Whether there is a control character among the bytes, looked for eight at a time.
fn has_control(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let (eights, rest) = bytes.as_chunks::<8>();
    let below_space = |eight: &[u8; 8]| {
        let word = u64::from_ne_bytes(*eight);
        word.wrapping_sub(ONES * 0x20) & !word & (ONES * 0x80) != 0
    };
    eights.iter().any(below_space) || rest.iter().any(|byte| *byte < 0x20)
}

/// One pass over a fresh tree for what the parser does not see.
struct Inspection<'t> {
    text: &'t str,
    suspicious: bool,
    faults: Vec<Finding>,
}

impl Inspection<'_> {
    fn visit(&mut self, value: &Value<'_>) {
        match value {
            Value::Object(object) => {
                self.duplicates(object);
                for property in &object.properties {
                    self.string(key_of(property));
                    self.visit(&property.value);
                }
            }
            Value::Array(array) => array.elements.iter().for_each(|item| self.visit(item)),
            Value::StringLit(string) => self.string(string),
            _ => {}
        }
    }

    fn string(&mut self, string: &StringLit<'_>) {
        let raw = &self.text.as_bytes()[string.range.start..string.range.end];
        self.suspicious |= has_control(raw);
    }

    fn duplicates(&mut self, object: &Object<'_>) {
        const FEW: usize = 32;
        let properties = &object.properties;
        let mut report = |first: usize, again: usize| {
            let (first, again) = (key_of(&properties[first]), key_of(&properties[again]));
            let message = format!("duplicate key `{}`", quoted(&again.value));
            let mut finding = Finding::new("duplicate-json-key", Level::Error, again.range.into(), message);
            finding.says("again here").label(first.range.into(), "first here");
            self.faults.push(finding);
        };
        if properties.len() <= FEW {
            for again in 1..properties.len() {
                let name = name_of(&properties[again]);
                if let Some(first) = properties[..again].iter().position(|property| same_name(name_of(property), name))
                {
                    report(first, again);
                }
            }
        } else {
            let mut seen = HashMap::with_capacity(properties.len());
            for (index, property) in properties.iter().enumerate() {
                let first = *seen.entry(name_of(property)).or_insert(index);
                if first != index {
                    report(first, index);
                }
            }
        }
    }
}
