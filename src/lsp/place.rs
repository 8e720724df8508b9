//! What stands at an offset of a text: the value of a payload with its shape, also in the JSON that strings hold.

use crate::document::{Document, Member, Text};
use crate::recognise::payload::Contents;
use crate::recognise::{Asked, Recognised, documents, has_mark};
use crate::rule::Tree;
use crate::text::lines::Origin;
use crate::text::literal::Literal;
use crate::text::span::Span;

/// The value at an offset.
pub(super) struct Place<'p, 'd> {
    pub(super) tree: &'p Tree<'d>,
    /// The index of the innermost value around the offset.
    pub(super) index: u32,
    /// Whether the offset is in its key.
    pub(super) is_key: bool,
    /// What the offset is in, the key or the value, in the whole text.
    pub(super) span: Span,
}

/// Calls a function with the value at an offset of a text. Texts of other programs have none, unless they are asked for
/// by name.
pub(super) fn at<T>(text: &str, offset: usize, asked: Asked, mut each: impl FnMut(&Place<'_, '_>) -> T) -> Option<T> {
    let text = Text::of(text, Origin::default());
    let mut result = None;
    for document in documents(&text, None) {
        let Some(root) = document.root() else { continue };
        let span = root.span().shifted(document.offset);
        if (span.start..=span.end).contains(&offset) {
            let outer = |span: Span| span.shifted(document.offset);
            descend(&document, offset - document.offset, asked, &outer, &mut |place| result = Some(each(place)));
            break;
        }
    }
    result
}

/// Finds the value at an offset of a document. `outer` gives the span in the whole text of one in the document.
fn descend(
    document: &Document<'_>,
    offset: usize,
    asked: Asked,
    outer: &dyn Fn(Span) -> Span,
    each: &mut dyn FnMut(&Place<'_, '_>),
) {
    let contents = Contents::of(document, None);
    let contains = |span: Span| (span.start..=span.end).contains(&offset);
    for embedded in &contents.embedded {
        let (Some(text), None, true) = (embedded.holder.text(), &embedded.decoded, contains(embedded.holder.span()))
        else {
            continue;
        };
        let literal = Literal::new(document.text, embedded.holder.span());
        let inner = Document::parse(text);
        let inner_offset = inner_offset(&literal, text, offset);
        return descend(&inner, inner_offset, asked, &|span| outer(literal.raw_span(span)), each);
    }
    let recognised = Recognised::of(document, &contents, asked, false, || has_mark(document.text));
    if recognised != Recognised::Ours {
        return;
    }
    // The innermost payload comes last.
    let Some(payload) = contents.payloads.iter().rev().find(|payload| contains(payload.value.span())) else {
        return;
    };
    let tree = Tree::new(document, payload);
    let whole = |index: &u32| {
        let entry = tree.entry(*index);
        contains(entry.written.map_or(entry.value.span(), Member::span))
    };
    let Some(index) = tree.indices().filter(whole).last() else { return };
    let entry = tree.entry(index);
    let key = entry.written.map(Member::key_span).filter(|key| contains(*key));
    let span = outer(key.unwrap_or(entry.value.span()));
    each(&Place { tree: &tree, index, is_key: key.is_some(), span });
}

/// The offset in the unescaped text of a literal.
fn inner_offset(literal: &Literal, text: &str, offset: usize) -> usize {
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if literal.raw_span(Span::new(middle, middle)).start <= offset { low = middle } else { high = middle - 1 }
    }
    low
}
