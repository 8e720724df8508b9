//! By which keys documents are compared with others, for those who bring them together elsewhere.

use std::collections::HashMap;

use crate::document::Document;
use crate::lint::spelling::each_payload;
use crate::recognise::kind::Kind;
use crate::recognise::payload::Contents;
use crate::recognise::{Asked, Recognised, has_mark};
use crate::rule::Node;
use crate::rule::pair::{Side, sites};
use crate::text::secret::masked;

/// What a document describes, and may contradict another one about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Described {
    /// Its role in comparisons.
    pub(crate) side: Side,
    /// The key of the thing, as findings have it.
    pub(crate) key: String,
    /// How often the document describes it.
    pub(crate) count: usize,
}

/// Everything that a document describes, each thing once, in the order of the document, with what its strings hold.
pub(crate) fn described(document: &Document<'_>, asked: Asked, forced: Option<&'static Kind>) -> Vec<Described> {
    collect(document, asked, forced).1
}

/// Whether a document is from Image Builder, and what it describes.
fn collect(document: &Document<'_>, asked: Asked, forced: Option<&'static Kind>) -> (Recognised, Vec<Described>) {
    let contents = Contents::of(document, forced);
    let mut described = Vec::new();
    let mut has_ours = false;
    for embedded in &contents.embedded {
        let inner = Document::parse(embedded.holder.text().unwrap_or_default());
        let (recognised, inside) = collect(&inner, asked, forced);
        if recognised == Recognised::Ours {
            has_ours = true;
            described.extend(inside);
        }
    }
    let recognised = Recognised::of(document, &contents, asked, has_ours, || has_mark(document.text));
    if recognised == Recognised::Ours {
        each_payload(document, &contents.payloads, forced, &mut |_, tree, _| {
            sites(Node::root(tree), &mut |site| {
                let key = masked(&site.key.text()).into_owned();
                described.push(Described { side: site.side, key, count: 1 });
            });
        });
    }
    (recognised, merged(described))
}

/// Each thing once, with the sum of the counts.
fn merged(described: Vec<Described>) -> Vec<Described> {
    let mut merged: Vec<Described> = Vec::with_capacity(described.len());
    let mut indices = HashMap::new();
    for one in described {
        let index = *indices.entry((one.side, one.key.clone())).or_insert(merged.len());
        match merged.get_mut(index) {
            Some(same) => same.count += one.count,
            None => merged.push(one),
        }
    }
    merged
}
