//! Finds duplicates, for the rules that allow each item once.

use std::collections::HashMap;
use std::hash::Hash;

use crate::model::typed::ListOf;
use crate::rule::prelude::*;
use crate::text::span::Span;

/// Up to this number, keys are compared one by one, which is faster than hashing them.
const FEW: usize = 32;

/// The first node of each key so far.
pub(crate) struct Seen<'d, K, S> {
    /// Kept apart to avoid an allocation, since most lists have one item.
    first: Option<(K, Node<'d, S>)>,
    few: Vec<(K, Node<'d, S>)>,
    /// All but the first, once there are more than [`FEW`].
    many: HashMap<K, Node<'d, S>>,
}

impl<'d, K: Eq + Hash, S> Seen<'d, K, S> {
    /// No node yet.
    pub(crate) fn new() -> Self {
        Seen { first: None, few: Vec::new(), many: HashMap::new() }
    }

    /// The earlier node of the same key; if there is none, remembers this node and returns None.
    pub(crate) fn earlier(&mut self, key: K, node: Node<'d, S>) -> Option<Node<'d, S>> {
        let Some((first_key, first)) = &self.first else {
            self.first = Some((key, node));
            return None;
        };
        if *first_key == key {
            return Some(*first);
        }
        if self.many.is_empty() {
            if let Some((_, earlier)) = self.few.iter().find(|(one, _)| *one == key) {
                return Some(*earlier);
            }
            if self.few.len() < FEW {
                self.few.push((key, node));
                return None;
            }
            self.many.extend(self.few.drain(..));
        }
        let earlier = *self.many.entry(key).or_insert(node);
        (earlier != node).then_some(earlier)
    }
}

/// The nodes that repeat the key of an earlier node, each as a pair of the first node and the repeat. Nodes
/// without a key are skipped.
pub(crate) fn repeats<'d, K: Eq + Hash, S>(
    nodes: impl Iterator<Item = Node<'d, S>>,
    key: impl Fn(Node<'d, S>) -> Option<K>,
) -> impl Iterator<Item = (Node<'d, S>, Node<'d, S>)> {
    let mut seen = Seen::new();
    nodes.filter_map(move |node| Some((seen.earlier(key(node)?, node)?, node)))
}

/// The fix that removes an item from its list, with the comma before it; None for the first item.
pub(crate) fn drop_repeat<S>(repeat: Node<'_, S>) -> Option<Fix> {
    Some(Fix::safe("drop the repeat", Span::new(repeat.span_before()?.end, repeat.span().end), ""))
}

/// Reports the parameters of a component or a workflow that are set twice. Values may be secret, so the
/// message has the names only.
pub(crate) fn report_repeated_parameters<'d, L>(parameters: Node<'d, L>, cx: &mut Reporter<'_, 'd>)
where
    L: ListOf<Item: Has<member::Name, Value = Any>>,
{
    let names = parameters.items().filter_map(|parameter| parameter.get(member::Name));
    for (first, again) in repeats(names, Node::text) {
        let name = quoted(again.text().unwrap_or_default());
        let finding = cx.report(again, format!("parameter `{name}` is set twice"));
        finding.says("again").label(first.span(), "the first");
    }
}
