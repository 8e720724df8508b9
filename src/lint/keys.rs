//! By which keys documents are compared with others, for those who bring them together elsewhere.

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
                described.push(Described { side: site.side, key: masked(&site.key.text()).into_owned() });
            });
        });
    }
    let mut known = std::collections::HashSet::new();
    described.retain(|one| known.insert((one.side, one.key.clone())));
    (recognised, described)
}
