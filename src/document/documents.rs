//! Finds the documents in a text: one, the items of an array, or several that follow one another, as in JSON Lines.

use crate::document::splitter::{Piece, Splitter};
use crate::document::{Document, Value, syntax};

/// The documents in a text that is JSON, or JSON Lines; at least one.
pub(super) fn documents(text: &str) -> Vec<Document<'_>> {
    let offset = http_body(text).unwrap_or(0);
    let document = Document::parse_at(&text[offset..], offset);
    if document.root().is_none()
        && let Some(several) = several(text)
    {
        return several;
    }
    document.into_items().unwrap_or_else(|document| vec![document])
}

/// The offset of the body, if the text is a raw HTTP response.
fn http_body(text: &str) -> Option<usize> {
    text.starts_with("HTTP/").then(|| {
        let ends = ["\r\n\r\n", "\n\n"].into_iter().filter_map(|blank| Some(text.find(blank)? + blank.len()));
        ends.min()
    })?
}

/// The documents of a text that is not JSON as a whole: several that follow one another, or the items of an array
/// without commas between them.
fn several(text: &str) -> Option<Vec<Document<'_>>> {
    let mut splitter = Splitter::default();
    let pieces = splitter.split(text.as_bytes(), true, usize::MAX);
    if pieces.len() < 2 {
        return None;
    }
    let parse = |piece: &Piece| Document::parse_at(&text[piece.range.clone()], piece.range.start);
    if splitter.has_array() {
        let lacks_comma = |piece: &Piece| piece.lacks_comma && text[piece.range.start..].starts_with('{');
        if !pieces.iter().any(lacks_comma) {
            return None;
        }
        let mut documents: Vec<Document<'_>> = pieces.iter().map(parse).collect();
        for (piece, document) in pieces.iter().zip(&mut documents).filter(|(piece, _)| piece.lacks_comma) {
            document.faults.insert(0, syntax::missing_comma(&text[piece.range.clone()]));
        }
        if let Some(last) = documents.last_mut().filter(|_| splitter.is_unclosed()) {
            last.faults.push(syntax::unclosed_array(last.text));
        }
        return Some(documents);
    }
    let is_object = |piece: &Piece| parse(piece).root().is_some_and(Value::is_object);
    pieces.iter().take(2).any(is_object).then(|| pieces.iter().map(parse).collect())
}
