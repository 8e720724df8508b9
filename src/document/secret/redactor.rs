//! Takes secrets out of what is said of a text: rules quote values, and only the text around a value may tell that it
//! is secret.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::text::secret::{holds_any, masked, unescaped};
use crate::text::span::Span;

/// The secrets of a text, to be taken out of other texts.
#[derive(Debug)]
pub(crate) struct Redactor(Option<AhoCorasick>);

impl Redactor {
    /// The redactor for the secrets at some spans of a text.
    pub(crate) fn new(text: &str, secrets: &[Span]) -> Self {
        // What is shorter occurs in words that have nothing to do with it.
        const SHORTEST: usize = 4;
        let is_telling = |text: &str| text.len() >= SHORTEST && !text.bytes().all(|byte| byte.is_ascii_digit());
        let mut texts: Vec<Cow<'_, str>> = Vec::new();
        for secret in secrets {
            let written = text[secret.range()].trim_matches('"');
            texts.push(unescaped(written));
            texts.push(written.into());
        }
        texts.retain(|text| is_telling(text));
        if texts.is_empty() {
            return Redactor(None);
        }
        let texts = texts.iter().map(|text| &**text);
        let builder = &mut AhoCorasick::builder();
        // A full automaton takes longer to make than to find what there is in a few messages.
        builder.kind(Some(AhoCorasickKind::ContiguousNFA)).match_kind(MatchKind::LeftmostLongest);
        Redactor(builder.build(texts).ok())
    }

    /// The text with `***` in the place of secrets; none if it has none.
    pub(crate) fn redacted(&self, text: &str) -> Option<String> {
        let known = self.0.as_ref().filter(|known| known.is_match(text));
        let replaced = known.map(|known| {
            let mut replaced = String::with_capacity(text.len());
            known.replace_all_with(text, &mut replaced, |_, _, replaced| {
                replaced.push_str("***");
                true
            });
            replaced
        });
        match masked(replaced.as_deref().unwrap_or(text)) {
            Cow::Owned(masked) => Some(masked),
            Cow::Borrowed(_) => replaced,
        }
    }

    /// Whether a text has a secret in it.
    pub(crate) fn finds_in(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|known| known.is_match(text)) || holds_any(text)
    }
}
