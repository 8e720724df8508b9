//! The tape: the values of a document in the order of its text, each with its span and the place of what follows it.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::document::parser::{self, Grammar, Open, SyntaxError, narrow};
use crate::model::shape::{name_bit, same_name};
use crate::text::pool::{Buffer, Lent, Pool};
use crate::text::span::Span;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
    /// The key of a member; the next node is its value.
    Key,
}

/// A value or a key: 16 bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// The offset of its first byte.
    start: u32,
    /// The offset after its last byte.
    end: u32,
    /// Of an object or array, the index of the node after its last descendant. Of a string or key, the number of its
    /// decoded text, from 1; 0 if it holds no escape.
    link: u32,
    pub(super) kind: Kind,
}

impl Node {
    pub(super) fn new(kind: Kind, start: u32, end: u32, link: u32) -> Self {
        Node { start, end, link, kind }
    }

    /// Sets what is known of an object or array at its closing bracket.
    pub(super) fn close(&mut self, end: u32, next: u32) {
        self.end = end;
        self.link = next;
    }

    pub(super) fn span(self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}

/// The memory of a tape, reused from one document to the next.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    pub(super) nodes: Vec<Node>,
    /// The objects and arrays that are open while parsing, the outermost first.
    pub(super) open: Vec<Open>,
    /// The texts of the strings and keys that hold escapes, one after another.
    pub(super) decoded: String,
    /// Where each of these texts ends.
    ends: Vec<u32>,
    /// The keys that repeat one before them in their object, after that one.
    duplicates: Vec<(u32, u32)>,
}

impl Buffers {
    fn clear(&mut self) {
        self.nodes.clear();
        self.open.clear();
        self.decoded.clear();
        self.ends.clear();
        self.duplicates.clear();
    }

    /// Adds the last part of a decoded text, and returns the number of that text.
    pub(super) fn end_decoded(&mut self, part: &str) -> u32 {
        self.decoded.push_str(part);
        self.ends.push(narrow(self.decoded.len()));
        narrow(self.ends.len())
    }

    /// The text of a string or key, unescaped.
    #[inline]
    pub(super) fn text<'d>(&'d self, text: &'d str, node: Node) -> &'d str {
        match node.link as usize {
            0 => &text[node.start as usize + 1..node.end as usize - 1],
            number => {
                let start = number.checked_sub(2).map_or(0, |before| self.ends[before]);
                &self.decoded[start as usize..self.ends[number - 1] as usize]
            }
        }
    }

    /// The index of the node after a value and its descendants.
    #[inline]
    pub(super) fn next(&self, index: u32) -> u32 {
        let node = self.nodes[index as usize];
        if matches!(node.kind, Kind::Array | Kind::Object) { node.link } else { index + 1 }
    }

    /// The bit of a key: see [`name_bit`].
    #[inline]
    pub(super) fn key_bit(&self, text: &str, key: Node) -> u128 {
        name_bit(match key.link {
            0 => &text.as_bytes()[key.start as usize + 1..key.end as usize - 1],
            _ => self.text(text, key).as_bytes(),
        })
    }

    /// The keys of an object that is not closed, in order.
    fn keys(&self, object: u32) -> impl Iterator<Item = u32> {
        let end = narrow(self.nodes.len());
        let first = Some(object + 1).filter(|key| *key < end);
        std::iter::successors(first, move |key| (key + 1 < end).then(|| self.next(key + 1)).filter(|key| *key < end))
    }

    /// Notes the last key of an object if it repeats one before it.
    pub(super) fn compare_key(&mut self, text: &str, object: u32, key: u32) {
        let name = |key: u32| self.text(text, self.nodes[key as usize]);
        let first = self.keys(object).find(|before| *before == key || same_name(name(*before), name(key)));
        let first = first.filter(|first| *first != key);
        self.duplicates.extend(first.map(|first| (first, key)));
    }

    /// Notes the keys of an object, from the one at a place on, that repeat one before them.
    pub(super) fn compare_keys(&mut self, text: &str, object: u32, from: usize) {
        let mut seen: HashMap<&str, u32> = HashMap::new();
        let mut found = Vec::new();
        for (place, key) in self.keys(object).enumerate() {
            match seen.entry(self.text(text, self.nodes[key as usize])) {
                Entry::Vacant(entry) => {
                    entry.insert(key);
                }
                Entry::Occupied(first) => found.extend(Some((*first.get(), key)).filter(|_| place >= from)),
            }
        }
        self.duplicates.append(&mut found);
    }
}

impl Buffer for Buffers {
    fn reset(&mut self) -> bool {
        const MOST_KEPT: usize = 1 << 16;
        self.clear();
        self.nodes.capacity() <= MOST_KEPT && self.decoded.capacity() <= MOST_KEPT
    }
}

thread_local! {
    static POOL: Pool<Buffers> = const { Pool::new(Vec::new()) };
}

/// A parsed text.
#[derive(Debug)]
pub(super) struct Tape<'t> {
    pub(super) text: &'t str,
    buffers: Lent<Buffers>,
    /// For each node, where it is. Made when the first pointer is asked for.
    holders: OnceCell<Vec<Holder>>,
}

/// Where a node is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Holder {
    /// The index of the object or array that holds it; its own for the root.
    pub(super) index: u32,
    /// Its place among the items or keys.
    pub(super) place: u32,
}

impl<'t> Tape<'t> {
    /// Parses a text.
    ///
    /// # Errors
    ///
    /// The first syntax error.
    pub(super) fn parse(text: &'t str, grammar: Grammar) -> Result<Self, SyntaxError> {
        let mut buffers = Lent::from(&POOL);
        parser::parse(text, grammar, &mut buffers)?;
        Ok(Tape { text, buffers, holders: OnceCell::new() })
    }

    #[inline]
    pub(super) fn node(&self, index: u32) -> Node {
        self.buffers.nodes[index as usize]
    }

    /// The index of the node after a value and its descendants.
    #[inline]
    pub(super) fn next(&self, index: u32) -> u32 {
        self.buffers.next(index)
    }

    /// The text of a string or key, unescaped.
    #[inline]
    pub(super) fn text_of(&self, node: Node) -> &str {
        self.buffers.text(self.text, node)
    }

    /// The pairs of keys of which the second repeats the first.
    pub(super) fn duplicates(&self) -> &[(u32, u32)] {
        &self.buffers.duplicates
    }

    /// The index of the last node that starts at an offset or before it.
    pub(super) fn last_from(&self, offset: usize) -> Option<u32> {
        let after = self.buffers.nodes.partition_point(|node| node.start as usize <= offset);
        after.checked_sub(1).map(narrow)
    }

    /// Where a node is. The first call visits all nodes.
    pub(super) fn holder(&self, index: u32) -> Holder {
        self.holders.get_or_init(|| self.find_holders())[index as usize]
    }

    fn find_holders(&self) -> Vec<Holder> {
        let nodes = &self.buffers.nodes;
        let mut holders = vec![Holder::default(); nodes.len()];
        for holder in 0..narrow(nodes.len()) {
            let is_object = match self.node(holder).kind {
                Kind::Object => true,
                Kind::Array => false,
                _ => continue,
            };
            let end = self.next(holder);
            let mut child = holder + 1;
            for place in 0.. {
                if child >= end {
                    break;
                }
                holders[child as usize] = Holder { index: holder, place };
                if is_object {
                    child += 1;
                    holders[child as usize] = Holder { index: holder, place };
                }
                child = self.next(child);
            }
        }
        holders
    }
}
