//! Patterns for pointers: `*` stands for one token, `**` for any number. Many are matched at once.

use std::collections::HashMap;

/// Patterns, of which the first one that matches a pointer is asked for.
#[derive(Debug)]
pub(super) struct PointerPatterns {
    /// The first is where all patterns start.
    nodes: Vec<Node>,
}

/// What several patterns have in common up to one of their tokens.
#[derive(Debug, Default)]
struct Node {
    /// The nodes after a token that is no wildcard.
    named: HashMap<String, usize>,
    /// The node after `*`.
    one: Option<usize>,
    /// The node after `**`.
    many: Option<usize>,
    /// Whether the last token is `**`.
    is_many: bool,
    /// The number of the first pattern that ends here.
    end: Option<usize>,
}

impl PointerPatterns {
    pub(super) fn new() -> Self {
        PointerPatterns { nodes: vec![Node::default()] }
    }

    /// Adds a pattern. The numbers must increase.
    pub(super) fn add(&mut self, pattern: &str, number: usize) {
        let mut at = 0;
        for token in pattern.split('/').skip(1) {
            let next = self.nodes.len();
            let node = &mut self.nodes[at];
            let is_many = token == "**";
            at = match token {
                "*" => *node.one.get_or_insert(next),
                "**" => *node.many.get_or_insert(next),
                name => match node.named.get(name) {
                    Some(known) => *known,
                    None => *node.named.entry(name.to_owned()).or_insert(next),
                },
            };
            if at == next {
                self.nodes.push(Node { is_many, ..Node::default() });
            }
        }
        self.nodes[at].end.get_or_insert(number);
    }

    /// The number of the first pattern that matches a pointer.
    pub(super) fn first_match(&self, pointer: &str) -> Option<usize> {
        let mut reached = Vec::new();
        self.reach(0, &mut reached);
        for token in pointer.split('/').skip(1) {
            let mut next = Vec::new();
            for at in reached {
                let node = &self.nodes[at];
                let after = [Some(at).filter(|_| node.is_many), node.one, node.named.get(token).copied()];
                after.into_iter().flatten().for_each(|at| self.reach(at, &mut next));
            }
            next.sort_unstable();
            next.dedup();
            reached = next;
        }
        reached.into_iter().filter_map(|at| self.nodes[at].end).min()
    }

    /// Adds a node, and those that are reached from it without a token.
    fn reach(&self, mut at: usize, reached: &mut Vec<usize>) {
        reached.push(at);
        while let Some(many) = self.nodes[at].many {
            at = many;
            reached.push(at);
        }
    }
}
