//! The edits of an object: members removed and added, in the style of those around them.

use super::Node;
use crate::finding::fix::{Edit, Fix};
use crate::text::span::Span;

impl<'d, S> Node<'d, S> {
    /// The fix that removes a member from this object, together with one comma.
    pub(crate) fn removal<T>(self, member: Node<'d, T>) -> Option<Fix> {
        self.removals(&[member.index]).pop()
    }

    /// The fixes that remove members from this object, given by their indices in the order of the text; none if it is
    /// no object. They are to be applied together: of members that follow each other the first fix removes all.
    pub(crate) fn removals(self, removed: &[u32]) -> Vec<Fix> {
        let members: Vec<_> = self.value().members().collect();
        let places: Vec<usize> = removed
            .iter()
            .filter_map(|index| members.iter().position(|member| member.value() == self.tree.entry(*index).value))
            .collect();
        let mut fixes = Vec::new();
        for run in places.chunk_by(|one, next| *next == one + 1) {
            let (first, last) = (run[0], run[run.len() - 1]);
            let (start, end) = (members[first].span().start, members[last].span().end);
            let span = match (first.checked_sub(1).map(|before| members[before]), members.get(last + 1)) {
                (_, Some(next)) => Span::new(start, next.span().start),
                (Some(previous), None) => Span::new(previous.span().end, end),
                // Without other members, the white space goes, too, so that `{}` remains.
                (None, None) => Span::new(self.span().start + 1, self.span().end - 1),
            };
            let title = |place: usize| format!("remove `{}`", members[place].name());
            fixes.push(Fix::safe(title(first), span, ""));
            let others = run[1..].iter();
            fixes.extend(others.map(|place| Fix { edits: Vec::new(), ..Fix::safe(title(*place), span, "") }));
        }
        fixes
    }

    /// The edit that adds members, given as names and raw JSON values, at the end of this object, formatted like
    /// its last member. None if the object is empty or has a member of one of these names, even null.
    pub(crate) fn addition(self, added: &[(&str, String)]) -> Option<Edit> {
        let text = self.document().text;
        let members: Vec<_> = self.value().members().collect();
        let last = members.last()?;
        if members.iter().any(|member| added.iter().any(|(name, _)| *name == member.name())) {
            return None;
        }
        let colon = &text[last.key_span().end..last.value().span().start];
        let before = match members.len().checked_sub(2).map(|index| members[index]) {
            Some(previous) => text[previous.span().end..last.span().start].to_owned(),
            None => match &text[self.span().start + 1..last.span().start] {
                "" if colon.ends_with(' ') => ", ".to_owned(),
                space => format!(",{space}"),
            },
        };
        let end = Span::new(last.span().end, last.span().end);
        let member = |(name, value): &(&str, String)| format!("{before}\"{name}\"{colon}{value}");
        Some(Edit { span: end, text: added.iter().map(member).collect() })
    }
}
