//! Compiles the patterns of the schemas, so that no run has to: those of one class and a length to a set of bytes,
//! all others to the transitions of an automaton.

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
    class(pattern).unwrap_or_else(|| automaton(pattern))
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

/// The automaton of a pattern as a table: for each state, numbered from the start, the states to which the classes of
/// bytes lead. The bytes of one class lead from each state to the same state.
fn automaton(pattern: &str) -> String {
    let dfa = dense::Builder::new()
        .configure(dense::Config::new().minimize(true).start_kind(StartKind::Unanchored))
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .build(pattern)
        .unwrap_or_else(|error| panic!("pattern {pattern:?}: {error}"));
    let states = states(&dfa);
    let number = |state| states.iter().position(|found| *found == state).expect("all states are found");
    let column = |byte| states.iter().map(|state| number(step(&dfa, *state, byte))).collect::<Vec<_>>();
    let mut columns = Vec::new();
    let classes: Vec<usize> = (0..=u8::MAX)
        .map(|byte| {
            let column = column(byte);
            columns.iter().position(|known| *known == column).unwrap_or_else(|| {
                columns.push(column);
                columns.len() - 1
            })
        })
        .collect();
    let count = columns.len();
    let row = |state: usize| columns.iter().map(move |column| column[state] * count);
    let next: Vec<usize> = (0..states.len()).flat_map(row).collect();
    let is_match = |state: &StateID| dfa.is_match_state(*state) || dfa.is_match_state(dfa.next_eoi_state(*state));
    let accepts: Vec<bool> = states.iter().map(is_match).collect();
    format!("Matcher::Automaton {{ classes: &{classes:?}, count: {count}, next: &{next:?}, accepts: &{accepts:?} }}")
}

/// The states that can be reached, in the order in which they are found; the start first.
fn states(dfa: &DFA<Vec<u32>>) -> Vec<StateID> {
    let start = dfa.start_state(&start::Config::new().anchored(Anchored::No)).expect("it has an unanchored start");
    let mut states = vec![start];
    let mut seen = 0;
    while let Some(state) = states.get(seen).copied() {
        seen += 1;
        for byte in 0..=u8::MAX {
            let next = step(dfa, state, byte);
            if !states.contains(&next) {
                states.push(next);
            }
        }
    }
    states
}

/// Where a byte leads. Once the pattern has matched, the rest of the text does not matter.
fn step(dfa: &DFA<Vec<u32>>, state: StateID, byte: u8) -> StateID {
    if dfa.is_match_state(state) { state } else { dfa.next_state(state, byte) }
}
