//! Items that repeat an earlier one, for the rules that allow each of them once. Holds no rule.

use std::collections::HashMap;
use std::hash::Hash;

use jsonc_parser::common::Ranged;

use crate::document::secret::quoted;
use crate::finding::Span;
use crate::finding::fix::Fix;
use crate::rule::context::Context;
use crate::rule::node::Node;

/// How many keys are compared one by one, which is quicker than to hash them.
const FEW: usize = 32;

/// The nodes met so far, each by the key that it was the first to have.
pub(super) struct Seen<'d, K> {
    /// Apart from the others, since most lists end with it.
    first: Option<(K, Node<'d>)>,
    few: Vec<(K, Node<'d>)>,
    /// All but the first, once they are no longer few.
    many: HashMap<K, Node<'d>>,
}

impl<'d, K: Eq + Hash> Seen<'d, K> {
    /// No node yet.
    pub(super) fn new() -> Self {
        Seen { first: None, few: Vec::new(), many: HashMap::new() }
    }

    /// The first node of that key, when it is an earlier one; otherwise this node will be.
    pub(super) fn earlier(&mut self, key: K, node: Node<'d>) -> Option<Node<'d>> {
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
        (!std::ptr::eq(earlier.value(), node.value())).then_some(earlier)
    }
}

/// The nodes whose key an earlier node has too, each after the first of that key. Nodes without a
/// key repeat nothing.
pub(super) fn repeats<'d, K: Eq + Hash>(
    nodes: impl Iterator<Item = Node<'d>>,
    key: impl Fn(Node<'d>) -> Option<K>,
) -> impl Iterator<Item = (Node<'d>, Node<'d>)> {
    let mut seen = Seen::new();
    nodes.filter_map(move |node| Some((seen.earlier(key(node)?, node)?, node)))
}

/// The edit that takes an item which is not the first out of its list, with the comma before it.
pub(super) fn drop_repeat(list: Node<'_>, repeat: Node<'_>) -> Option<Fix> {
    let items = &list.value().as_array()?.elements;
    let index = items.partition_point(|item| item.start() < repeat.span().start);
    let before = items.get(index.checked_sub(1)?)?;
    Some(Fix::safe("drop the repeat", Span::new(before.end(), repeat.span().end), ""))
}

/// Reports the parameters of a component or a workflow that are set twice, without their values.
pub(super) fn repeated_parameters<'d>(parameters: Node<'d>, cx: &mut Context<'d>) {
    let names = parameters.items().filter_map(|parameter| parameter.get("name"));
    for (first, again) in repeats(names, Node::text) {
        let name = quoted(again.text().unwrap_or_default());
        let finding = cx.report(again, format!("parameter `{name}` is set twice"));
        finding.says("again").label(first.span(), "the first");
    }
}
