//! The tree of a document, with a span for every value and every key, in the order of the text. Nothing outside of
//! this folder knows which crate parses.

use std::fmt;

use jsonc_parser::ast::{self, ObjectProp, ObjectPropName, StringLit};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};

use crate::document::{duplicates, syntax};
use crate::finding::fault::Fault;
use crate::text::span::Span;

/// JSON as RFC 8259 defines it: every extension of the parser is off.
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

/// Parses a text whose only syntax faults are comments and trailing commas. Then its kind is known: other faults can
/// be reported as well, and configuration files of other tools are skipped.
fn lenient(text: &str) -> Option<ast::Value<'_>> {
    let options = ParseOptions { allow_comments: true, allow_trailing_commas: true, ..STRICT };
    jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &options).ok()?.value
}

/// A document: its text and its tree.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    /// The text that all spans refer to.
    pub(crate) text: &'t str,
    /// The offset of that text in a larger one that it is from; else 0.
    pub(crate) offset: usize,
    /// Syntax faults and duplicate keys, in the order of the text.
    pub(crate) faults: Vec<Fault>,
    /// None if the text is not JSON, even with comments and trailing commas.
    root: Option<ast::Value<'t>>,
}

impl<'t> Document<'t> {
    /// Parses a text as one document.
    pub(crate) fn parse(text: &'t str) -> Self {
        Document::parse_at(text, 0)
    }

    /// Parses a text, which starts at an offset of a larger one, as one document.
    pub(crate) fn parse_at(text: &'t str, offset: usize) -> Self {
        let invalid = |root, fault| Document { text, offset, faults: vec![fault], root };
        let parsed = jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &STRICT);
        let root = match parsed.map(|parsed| parsed.value) {
            Ok(Some(root)) => root,
            Ok(None) => return invalid(None, syntax::empty(text)),
            Err(error) => return invalid(lenient(text), syntax::fault(text, &error)),
        };
        let (faults, may_be_invalid) = duplicates::inspect(text, Value(&root));
        // The parser also accepts control characters in strings, and white space that JSON does not allow.
        if may_be_invalid && let Some(fault) = syntax::invalid_character(text) {
            return invalid(None, fault);
        }
        Document { text, offset, faults, root: Some(root) }
    }

    /// The root of the tree; none if the text is not JSON, even with comments and trailing commas.
    pub(crate) fn root(&self) -> Option<Value<'_>> {
        self.root.as_ref().map(Value)
    }

    /// Splits an array that contains objects into one document for each item.
    ///
    /// # Errors
    ///
    /// The document itself, if it is no such array.
    pub(crate) fn into_items(mut self) -> Result<Vec<Self>, Self> {
        let elements = match self.root.take() {
            Some(ast::Value::Array(array)) if array.elements.iter().any(|item| item.as_object().is_some()) => {
                array.elements
            }
            root => return Err(Document { root, ..self }),
        };
        let Document { text, offset, mut faults, .. } = self;
        let mut items = Vec::with_capacity(elements.len());
        for root in elements.into_iter().rev() {
            // Faults are in the order of the items; searching all of them for each item would be quadratic.
            let first = faults.partition_point(|fault| fault.primary.span.start < root.start());
            items.push(Document { text, offset, faults: faults.split_off(first), root: Some(root) });
        }
        items.reverse();
        // Faults before the first item, such as a comment, are reported with it.
        if let Some(first) = items.first_mut() {
            first.faults.splice(..0, faults);
        }
        Ok(items)
    }
}

/// A value of a document.
#[derive(Clone, Copy)]
pub(crate) struct Value<'d>(&'d ast::Value<'d>);

/// What a value holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content<'d> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, as written.
    Number(&'d str),
    /// A string, unescaped.
    String(&'d str),
    /// An array.
    Array,
    /// An object.
    Object,
}

impl<'d> Value<'d> {
    /// What it holds.
    pub(crate) fn content(self) -> Content<'d> {
        match self.0 {
            ast::Value::NullKeyword(_) => Content::Null,
            ast::Value::BooleanLit(boolean) => Content::Boolean(boolean.value),
            ast::Value::NumberLit(number) => Content::Number(number.value),
            ast::Value::StringLit(string) => Content::String(&string.value),
            ast::Value::Array(_) => Content::Array,
            ast::Value::Object(_) => Content::Object,
        }
    }

    /// Its span.
    pub(crate) fn span(self) -> Span {
        let range = self.0.range();
        Span::new(range.start, range.end)
    }

    /// The span of its first byte; of an object or array, that is the opening bracket.
    pub(crate) fn opening(self) -> Span {
        let start = self.span().start;
        Span::new(start, start + 1)
    }

    pub(crate) fn is_null(self) -> bool {
        matches!(self.0, ast::Value::NullKeyword(_))
    }

    pub(crate) fn is_false(self) -> bool {
        matches!(self.content(), Content::Boolean(false))
    }

    pub(crate) fn is_object(self) -> bool {
        matches!(self.0, ast::Value::Object(_))
    }

    pub(crate) fn is_array(self) -> bool {
        matches!(self.0, ast::Value::Array(_))
    }

    /// The text of a string, unescaped.
    pub(crate) fn text(self) -> Option<&'d str> {
        match self.content() {
            Content::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a number, as written.
    pub(crate) fn number(self) -> Option<&'d str> {
        match self.content() {
            Content::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The number of members of an object or items of an array; 0 for other values.
    pub(crate) fn len(self) -> usize {
        match self.0 {
            ast::Value::Object(object) => object.properties.len(),
            ast::Value::Array(array) => array.elements.len(),
            _ => 0,
        }
    }

    /// The members of an object; none for other values.
    pub(crate) fn members(self) -> impl DoubleEndedIterator<Item = Member<'d>> + ExactSizeIterator {
        let properties: &[ObjectProp<'_>] = match self.0 {
            ast::Value::Object(object) => &object.properties,
            _ => &[],
        };
        properties.iter().map(Member)
    }

    /// The items of an array; none for other values.
    pub(crate) fn items(self) -> impl DoubleEndedIterator<Item = Value<'d>> + ExactSizeIterator {
        let elements: &[ast::Value<'_>] = match self.0 {
            ast::Value::Array(array) => &array.elements,
            _ => &[],
        };
        elements.iter().map(Value)
    }

    /// The member of that name; of several, the first.
    pub(crate) fn member(self, name: &str) -> Option<Member<'d>> {
        self.members().find(|member| member.name() == name)
    }

    /// The member of an object that contains a span.
    pub(super) fn member_around(self, span: Span) -> Option<Member<'d>> {
        let ast::Value::Object(object) = self.0 else { return None };
        let index = object.properties.partition_point(|property| property.range.end < span.end);
        object.properties.get(index).map(Member).filter(|member| member.span().contains(span))
    }

    /// The item of an array that contains a span, and its index.
    pub(super) fn item_around(self, span: Span) -> Option<(usize, Value<'d>)> {
        let ast::Value::Array(array) = self.0 else { return None };
        let index = array.elements.partition_point(|item| item.end() < span.end);
        array.elements.get(index).map(|item| (index, Value(item))).filter(|(_, item)| item.span().contains(span))
    }

    /// Its JSON type, with an article.
    pub(crate) fn type_name(self) -> &'static str {
        match self.content() {
            Content::String(_) => "a string",
            Content::Number(_) => "a number",
            Content::Boolean(_) => "a boolean",
            Content::Object => "an object",
            Content::Array => "an array",
            Content::Null => "null",
        }
    }
}

/// Values are equal if they are the same one of the same tree.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} at {:?}", self.content(), self.span())
    }
}

/// A member of an object: a key and a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member<'d>(&'d ObjectProp<'d>);

impl<'d> Member<'d> {
    fn key(self) -> &'d StringLit<'d> {
        match &self.0.name {
            ObjectPropName::String(key) => key,
            ObjectPropName::Word(_) => unreachable!("loose property names are not allowed"),
        }
    }

    /// Its name, unescaped.
    pub(crate) fn name(self) -> &'d str {
        &self.key().value
    }

    /// The span of its key, quotes included.
    pub(crate) fn key_span(self) -> Span {
        Span::new(self.key().range.start, self.key().range.end)
    }

    /// The span of its key and value.
    pub(crate) fn span(self) -> Span {
        Span::new(self.0.range.start, self.0.range.end)
    }

    /// Its value.
    pub(crate) fn value(self) -> Value<'d> {
        Value(&self.0.value)
    }
}
