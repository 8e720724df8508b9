//! Arrays that are one document: values of options, and lists of an image's parts. Any other array of objects is one
//! document for each of its items.

use crate::document::{Document, Text, Value};
use crate::model::shape::Shape;
use crate::recognise::kind::{Kind, options, parts};

/// The documents of a text. Where a kind is forced, only a list of that kind is one document.
pub(crate) fn documents<'t>(text: &'t Text<'_>, forced: Option<&'static Kind>) -> Vec<Document<'t>> {
    let documents = text.documents();
    let array = Document::around(&documents);
    match array.filter(|array| array.root().is_some_and(|root| list(root, forced).is_some())) {
        Some(array) => vec![array],
        None => documents,
    }
}

/// The kind and the shape of a list that is one document.
pub(super) fn list(value: Value<'_>, forced: Option<&'static Kind>) -> Option<(&'static Kind, Shape)> {
    let array = Some(value).filter(|value| value.is_array())?;
    let list = options::of_list(array).or_else(|| parts::of_list(array));
    list.filter(|(kind, _)| forced.is_none_or(|forced| forced == *kind))
}
