//! Compiles the patterns of the schemas, so that no run has to: those of one class and a length to a set of bytes,
//! all others to the transitions of an automaton.

use std::collections::BTreeMap;

use regex_automata::Anchored;
use regex_automata::dfa::dense::{self, DFA};
use regex_automata::dfa::{Automaton, StartKind};
use regex_automata::util::primitives::StateID;
use regex_automata::util::{start, syntax};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, HirKind, Look};

use crate::literal;

/// The matcher of a pattern as an expression. The patterns distinguish only ASCII characters: matching bytes gives
/// the same result as matching characters.
pub(crate) fn matcher(pattern: &str) -> String {
    class(pattern).unwrap_or_else(|| format!("Matcher::Automaton({})", automaton(&[pattern])))
}

/// The class and the length of a pattern that allows no more than that, such as `^[0-9]{12}$`.
fn class(pattern: &str) -> Option<String> {
    let parsed = ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).ok()?;
    let HirKind::Concat(parts) = parsed.kind() else { return None };
    let [start, repeated, end] = &parts[..] else { return None };
    let (HirKind::Look(Look::Start), HirKind::Repetition(repetition), HirKind::Look(Look::End)) =
        (start.kind(), repeated.kind(), end.kind())
    else {
        return None;
    };
    let HirKind::Class(Class::Bytes(class)) = repetition.sub.kind() else { return None };
    let mut bytes = [0_u64; 4];
    for byte in class.ranges().iter().flat_map(|range| range.start()..=range.end()) {
        bytes[usize::from(byte / 64)] |= 1 << (byte % 64);
    }
    let bytes = bytes.map(literal).join(", ");
    let max = repetition.max.map_or("usize::MAX".to_owned(), |max| max.to_string());
    Some(format!("Matcher::Class {{ bytes: [{bytes}], length: Bounds {{ min: {}, max: {max} }} }}", repetition.min))
}

/// The automaton that looks for patterns, as a table: for each state, numbered from the start, the states to which the
/// classes of bytes lead. The bytes of one class lead from each state to the same state.
pub(crate) fn automaton(patterns: &[&str]) -> String {
    let dfa = dense::Builder::new()
        .configure(dense::Config::new().minimize(true).start_kind(StartKind::Unanchored))
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .build_many(patterns)
        .unwrap_or_else(|error| panic!("patterns {patterns:?}: {error}"));
    let states = States::of(&dfa, patterns.len());
    let mut columns = Vec::new();
    let classes: Vec<usize> = (0..=u8::MAX)
        .map(|byte| {
            let column = states.column(byte);
            columns.iter().position(|known| *known == column).unwrap_or_else(|| {
                columns.push(column);
                columns.len() - 1
            })
        })
        .collect();
    let count = columns.len();
    let all = states.searching.len() + patterns.len();
    let next: Vec<usize> = (0..all).flat_map(|state| columns.iter().map(move |column| column[state] * count)).collect();
    let of_match = 1..=patterns.len();
    let ends: Vec<usize> = states.searching.iter().map(|state| states.end(*state)).chain(of_match).collect();
    let matched = states.searching.len() * count;
    format!(
        "Automaton {{ classes: &{classes:?}, count: {count}, next: &{next:?}, matched: {matched}, ends: &{ends:?} }}"
    )
}

/// The states of an automaton.
struct States<'d> {
    dfa: &'d DFA<Vec<u32>>,
    /// Those in which no pattern has matched yet, in the order in which they are found; the start first.
    searching: Vec<StateID>,
    numbers: BTreeMap<StateID, usize>,
    patterns: usize,
}

impl<'d> States<'d> {
    fn of(dfa: &'d DFA<Vec<u32>>, patterns: usize) -> Self {
        let start = dfa.start_state(&start::Config::new().anchored(Anchored::No)).expect("it has an unanchored start");
        let mut states = States { dfa, searching: vec![start], numbers: BTreeMap::from([(start, 0)]), patterns };
        let mut seen = 0;
        while let Some(state) = states.searching.get(seen).copied() {
            seen += 1;
            for byte in 0..=u8::MAX {
                let next = dfa.next_state(state, byte);
                if !dfa.is_match_state(next) && !states.numbers.contains_key(&next) {
                    states.numbers.insert(next, states.searching.len());
                    states.searching.push(next);
                }
            }
        }
        states
    }

    /// Where a byte leads from each state. Once a pattern has matched, the rest of the text does not matter.
    fn column(&self, byte: u8) -> Vec<usize> {
        let matched = |pattern: usize| self.searching.len() + pattern;
        let searching = self.searching.iter().map(|state| match self.dfa.next_state(*state, byte) {
            next if self.dfa.is_match_state(next) => matched(self.dfa.match_pattern(next, 0).as_usize()),
            next => self.numbers[&next],
        });
        searching.chain((0..self.patterns).map(matched)).collect()
    }

    /// The number of the pattern that matches if the text ends in a state, from 1; 0 for none.
    fn end(&self, state: StateID) -> usize {
        let end = self.dfa.next_eoi_state(state);
        if self.dfa.is_match_state(end) { self.dfa.match_pattern(end, 0).as_usize() + 1 } else { 0 }
    }
}
