//! The tree of a document, with a span for every value and every key, in the order of the text.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;

use crate::document::parser::Grammar;
use crate::document::rules::SYNTAX;
use crate::document::tape::{Kind, Node, Tape};
use crate::document::{duplicates, syntax};
use crate::finding::fault::Fault;
use crate::text::secret::may_hold_secret_or_mask;
use crate::text::span::Span;

/// A document: its text and its tree.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    /// The text that all spans refer to.
    pub(crate) text: &'t str,
    /// The offset of that text in a larger one that it is from; else 0.
    pub(crate) offset: usize,
    /// Syntax faults and duplicate keys, in the order of the text.
    pub(crate) faults: Vec<Fault>,
    /// The tree that the document is in, and the index of its root. None if the text is not JSON, even with comments
    /// and trailing commas: where these are the only syntax faults, the kind is known, other faults can be reported as
    /// well, and configuration files of other tools are skipped.
    root: Option<(Rc<Tape<'t>>, u32)>,
    /// Known once it was asked for.
    may_hold_secret_or_mask: OnceCell<bool>,
}

impl<'t> Document<'t> {
    /// Parses a text as one document.
    pub(crate) fn parse(text: &'t str) -> Self {
        Document::parse_at(text, 0)
    }

    /// Parses a text, which starts at an offset of a larger one, as one document.
    pub(crate) fn parse_at(text: &'t str, offset: usize) -> Self {
        let (tape, faults) = match Tape::parse(text, Grammar::Json) {
            Ok(tape) => {
                let faults = duplicates::faults(&tape);
                (Some(tape), faults)
            }
            Err(error) => (Tape::parse(text, Grammar::WithComments).ok(), vec![syntax::fault(text, error)]),
        };
        Document::new(text, offset, faults, tape.map(|tape| (Rc::new(tape), 0)))
    }

    fn new(text: &'t str, offset: usize, faults: Vec<Fault>, root: Option<(Rc<Tape<'t>>, u32)>) -> Self {
        Document { text, offset, faults, root, may_hold_secret_or_mask: OnceCell::new() }
    }

    /// The root of the tree; none if the text is not JSON, even with comments and trailing commas.
    pub(crate) fn root(&self) -> Option<Value<'_>> {
        self.tree().map(|(tape, index)| Value { tape, index })
    }

    /// Whether any of its strings and keys may hold a secret, or a mask. If not, none does; most documents are such.
    pub(crate) fn may_hold_secret_or_mask(&self) -> bool {
        *self
            .may_hold_secret_or_mask
            .get_or_init(|| self.root().is_none_or(|root| may_hold_secret_or_mask(&self.text[root.span().range()])))
    }

    /// Whether a fix makes JSON of the text, if it is none.
    pub(super) fn is_mendable(&self) -> bool {
        self.faults.iter().any(|fault| *fault.rule == SYNTAX && fault.fix.is_some())
    }

    /// The tree that the document is in, and the index of its root.
    pub(super) fn tree(&self) -> Option<(&Tape<'_>, u32)> {
        self.root.as_ref().map(|(tape, index)| (&**tape, *index))
    }

    /// Splits an array that contains objects into one document for each item.
    ///
    /// # Errors
    ///
    /// The document itself, if it is no such array.
    pub(crate) fn into_items(self) -> Result<Vec<Self>, Self> {
        let roots: Vec<u32> = match self.root() {
            Some(root) if root.items().any(Value::is_object) => root.items().map(|item| item.index).collect(),
            _ => return Err(self),
        };
        let Document { text, offset, mut faults, root: Some((tape, _)), .. } = self else { return Err(self) };
        let mut items = Vec::with_capacity(roots.len());
        for root in roots.into_iter().rev() {
            // Faults are in the order of the items; searching all of them for each item would be quadratic.
            let start = tape.node(root).span().start;
            let first = faults.partition_point(|fault| fault.primary.span.start < start);
            items.push(Document::new(text, offset, faults.split_off(first), Some((tape.clone(), root))));
        }
        items.reverse();
        // Faults before the first item, such as a comment, are reported with it.
        if let Some(first) = items.first_mut() {
            first.faults.splice(..0, faults);
        }
        Ok(items)
    }

    /// The array whose items these documents are, as one document; none if they are no such items.
    pub(crate) fn around(items: &[Self]) -> Option<Self> {
        let first = items.first()?;
        let (tape, root) = first.root.as_ref()?;
        let is_item = |item: &Self| item.root.as_ref().is_some_and(|(other, _)| Rc::ptr_eq(tape, other));
        let faults = || items.iter().flat_map(|item| item.faults.iter().cloned()).collect();
        let are_items = *root > 0 && items.iter().all(is_item);
        are_items.then(|| Document::new(first.text, first.offset, faults(), Some((Rc::clone(tape), 0))))
    }
}

/// A value of a document.
#[derive(Clone, Copy)]
pub(crate) struct Value<'d> {
    tape: &'d Tape<'d>,
    index: u32,
}

/// The index of a value in the tree of its document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Index(u32);

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
    pub(super) fn of(tape: &'d Tape<'d>, index: u32) -> Self {
        Value { tape, index }
    }

    /// Its index, by which the tree knows it.
    #[inline]
    pub(crate) fn index(self) -> Index {
        Index(self.index)
    }

    /// The value at an index of the same tree.
    #[inline]
    pub(crate) fn at(self, index: Index) -> Self {
        Value { index: index.0, ..self }
    }

    /// The member whose value this is, which the caller knows it to be.
    #[inline]
    pub(crate) fn as_member(self) -> Member<'d> {
        Member { tape: self.tape, key: self.index - 1 }
    }

    fn node(self) -> Node {
        self.tape.node(self.index)
    }

    /// What it holds.
    #[inline]
    pub(crate) fn content(self) -> Content<'d> {
        let node = self.node();
        match node.kind {
            Kind::Null => Content::Null,
            Kind::False => Content::Boolean(false),
            Kind::True => Content::Boolean(true),
            Kind::Number => Content::Number(&self.tape.text[node.span().range()]),
            Kind::String | Kind::Key => Content::String(self.tape.text_of(node)),
            Kind::Array => Content::Array,
            Kind::Object => Content::Object,
        }
    }

    /// Its span.
    #[inline]
    pub(crate) fn span(self) -> Span {
        self.node().span()
    }

    /// The span of its first byte; of an object or array, that is the opening bracket.
    pub(crate) fn opening(self) -> Span {
        let start = self.span().start;
        Span::new(start, start + 1)
    }

    #[inline]
    pub(crate) fn is_null(self) -> bool {
        self.node().kind == Kind::Null
    }

    pub(crate) fn is_false(self) -> bool {
        self.node().kind == Kind::False
    }

    #[inline]
    pub(crate) fn is_object(self) -> bool {
        self.node().kind == Kind::Object
    }

    #[inline]
    pub(crate) fn is_array(self) -> bool {
        self.node().kind == Kind::Array
    }

    /// The text of a string, unescaped.
    #[inline]
    pub(crate) fn text(self) -> Option<&'d str> {
        let node = self.node();
        (node.kind == Kind::String).then(|| self.tape.text_of(node))
    }

    /// The strings and keys in it, unescaped, in the order of the text.
    pub(crate) fn texts(self) -> impl Iterator<Item = &'d str> {
        let tape = self.tape;
        let nodes = (self.index..tape.next(self.index)).map(|index| tape.node(index));
        nodes.filter(|node| matches!(node.kind, Kind::String | Kind::Key)).map(|node| tape.text_of(node))
    }

    /// The text of a number, as written.
    pub(crate) fn number(self) -> Option<&'d str> {
        let node = self.node();
        (node.kind == Kind::Number).then(|| &self.tape.text[node.span().range()])
    }

    /// The number of members of an object or items of an array, which are counted; 0 for other values.
    pub(crate) fn len(self) -> usize {
        self.members().count() + self.items().count()
    }

    /// Whether this is an object without members or an array without items.
    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        matches!(self.node().kind, Kind::Object | Kind::Array) && self.tape.next(self.index) == self.index + 1
    }

    /// The members of an object; none for other values.
    #[inline]
    pub(crate) fn members(self) -> impl Iterator<Item = Member<'d>> + Clone {
        self.children(Kind::Object).map(move |key| Member { tape: self.tape, key })
    }

    /// The items of an array; none for other values.
    #[inline]
    pub(crate) fn items(self) -> impl Iterator<Item = Value<'d>> + Clone {
        self.children(Kind::Array).map(move |index| Value { tape: self.tape, index })
    }

    /// The indices of an object's keys or an array's items; none if it is not of that kind.
    fn children(self, kind: Kind) -> Children<'d> {
        let is_of_kind = self.node().kind == kind;
        let end = if is_of_kind { self.tape.next(self.index) } else { 0 };
        Children { tape: self.tape, next: self.index + 1, end, to_value: u32::from(kind == Kind::Object) }
    }

    /// The member of that name; of several, the first.
    pub(crate) fn member(self, name: &str) -> Option<Member<'d>> {
        self.members().find(|member| member.name() == name)
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

/// The indices of the keys of an object or the items of an array.
#[derive(Clone)]
struct Children<'d> {
    tape: &'d Tape<'d>,
    next: u32,
    end: u32,
    /// The distance from a key to its value; 0 for items.
    to_value: u32,
}

impl Iterator for Children<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let child = self.next;
        (child < self.end).then(|| {
            self.next = self.tape.next(child + self.to_value);
            child
        })
    }
}

/// Values are equal if they are the same one of the same tree.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.tape, other.tape)
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} at {:?}", self.content(), self.span())
    }
}

/// A member of an object: a key and a value.
#[derive(Clone, Copy)]
pub(crate) struct Member<'d> {
    tape: &'d Tape<'d>,
    key: u32,
}

impl<'d> Member<'d> {
    #[inline]
    pub(super) fn at(tape: &'d Tape<'d>, key: u32) -> Self {
        Member { tape, key }
    }

    /// Its name, unescaped.
    #[inline]
    pub(crate) fn name(self) -> &'d str {
        self.tape.text_of(self.tape.node(self.key))
    }

    /// The span of its key, quotes included.
    #[inline]
    pub(crate) fn key_span(self) -> Span {
        self.tape.node(self.key).span()
    }

    /// The span of its key and value.
    #[inline]
    pub(crate) fn span(self) -> Span {
        Span::new(self.key_span().start, self.value().span().end)
    }

    /// Its value.
    #[inline]
    pub(crate) fn value(self) -> Value<'d> {
        Value { tape: self.tape, index: self.key + 1 }
    }
}

impl fmt::Debug for Member<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} at {:?}", self.name(), self.span())
    }
}
