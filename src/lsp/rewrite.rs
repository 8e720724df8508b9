//! The edits that make one text of another, so that no more of it is sent than what changes.

use std::ops::Range;

use similar::{DiffOp, DiffTag};

use crate::report::diff::changes;

/// The replacement of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Replacement<'n> {
    pub(super) bytes: Range<usize>,
    pub(super) text: &'n str,
}

/// The least single replacement that makes the new text of the old one.
pub(super) fn replacement<'n>(old: &str, new: &'n str) -> Replacement<'n> {
    let same = |(one, other): &(char, char)| one == other;
    let length = |pairs: Vec<(char, char)>| pairs.iter().map(|(char, _)| char.len_utf8()).sum::<usize>();
    let start = length(old.chars().zip(new.chars()).take_while(same).collect());
    let end = length(old[start..].chars().rev().zip(new[start..].chars().rev()).take_while(same).collect());
    Replacement { bytes: start..old.len() - end, text: &new[start..new.len() - end] }
}

/// The replacements that make the new text of the old one, in order: whole words, signs and white space.
pub(super) fn replacements<'n>(old: &str, new: &'n str) -> Vec<Replacement<'n>> {
    let Replacement { bytes, text } = replacement(old, new);
    // The new text of the range starts where the old one does.
    let (old_tokens, new_tokens) = (tokens(&old[bytes.clone()]), tokens(text));
    let offsets = |tokens: &[&[u8]]| {
        let mut offsets = vec![0];
        offsets.extend(tokens.iter().scan(0, |end, token| {
            *end += token.len();
            Some(*end)
        }));
        offsets
    };
    let (old_offsets, new_offsets) = (offsets(&old_tokens), offsets(&new_tokens));
    let changes = changes(&old_tokens, &new_tokens);
    let changes = changes.iter().filter(|change| change.tag() != DiffTag::Equal);
    let replacement = |change: &DiffOp| {
        let (was, is) = (change.old_range(), change.new_range());
        Replacement {
            bytes: bytes.start + old_offsets[was.start]..bytes.start + old_offsets[was.end],
            text: &text[new_offsets[is.start]..new_offsets[is.end]],
        }
    };
    changes.map(replacement).collect()
}

/// The words of a text, its signs and the white space between them.
fn tokens(text: &str) -> Vec<&[u8]> {
    let sort = |char: char| match char {
        char if char.is_alphanumeric() || char == '_' => 1,
        char if char.is_whitespace() => 2,
        _ => 0,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, char) in text.char_indices() {
        let next = sort(char);
        if last.is_some_and(|last| last == 0 || last != next) {
            tokens.push(&text.as_bytes()[start..at]);
            start = at;
        }
        last = Some(next);
    }
    if start < text.len() {
        tokens.push(&text.as_bytes()[start..]);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{Replacement, replacement, replacements};

    fn applied(old: &str, replacements: &[Replacement<'_>]) -> String {
        let mut text = old.to_owned();
        for Replacement { bytes, text: new } in replacements.iter().rev() {
            text.replace_range(bytes.clone(), new);
        }
        text
    }

    #[test]
    fn replacements_make_the_new_text_and_leave_the_rest() {
        for (old, new, count) in [
            ("", "a", 1),
            ("same", "same", 0),
            ("{\"a\": \"linux\", \"b\": 1, \"c\": tru}", "{\"a\": \"Linux\", \"b\": 1, \"c\": true}", 2),
            ("ééé", "éé", 1),
            ("a😀b", "a😁b", 1),
            ("aaa", "a", 1),
        ] {
            let found = replacements(old, new);
            assert_eq!((applied(old, &found).as_str(), found.len()), (new, count), "{found:?}");
            assert_eq!(applied(old, &[replacement(old, new)]), new);
        }
    }
}
