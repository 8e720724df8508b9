//! What only the fuzz targets reach: the stages below the entry points of the library, with their laws. Compiled with
//! `--cfg fuzzing`, as cargo-fuzz does, and no part of the public API.

use crate::document::{Content, Text, Value};
use crate::finding::Finding;
use crate::library::Linter;
use crate::lint::fixer::{Judge, fix_text};
use crate::settings::MAX_DOCUMENT_SIZE;
use crate::text::lines::Origin;

/// Decodes bytes and parses the documents in them. Panics where a span is not one of the text.
pub fn parse(bytes: &[u8]) {
    let text = Text::decode_within(bytes, MAX_DOCUMENT_SIZE);
    for document in text.documents() {
        let is_inside = |start, end| assert!(document.text.get(start..end).is_some(), "{start}..{end}");
        for fault in &document.faults {
            is_inside(fault.primary.span.start, fault.primary.span.end);
        }
        // No recursion: documents are nested deeper than the stack is.
        let mut open: Vec<Value<'_>> = document.root().into_iter().collect();
        while let Some(value) = open.pop() {
            let outer = value.span();
            is_inside(outer.start, outer.end);
            match value.content() {
                Content::Object => {
                    for member in value.members() {
                        is_inside(member.key_span().start, member.key_span().end);
                        assert!(outer.contains(member.span()), "{member:?} in {outer:?}");
                        open.push(member.value());
                    }
                }
                Content::Array => open.extend(value.items()),
                _ => {}
            }
        }
    }
}

#[cfg(feature = "lsp")]
pub use crate::lsp::Session;

struct All<'l, 's>(&'l Linter<'s>);

impl Judge for All<'_, '_> {
    fn lint(&self, text: &str) -> Vec<Finding> {
        self.0.findings(&Text::of(text, Origin::default()))
    }

    fn wanted(&self, findings: &[Finding]) -> Vec<Finding> {
        findings.iter().filter(|finding| finding.fix.is_some()).cloned().collect()
    }
}

/// A text after all its fixes, unsafe ones too, and how many findings fewer there are.
pub fn fix(linter: &Linter<'_>, text: &str) -> (String, usize) {
    let fixed = fix_text(text, 0, &All(linter));
    (fixed.text, fixed.fixed)
}
