//! Decides which of several faults are reported, so that one mistake brings one finding.

use std::collections::HashMap;

use crate::finding::Level;
use crate::finding::fault::{Fault, Mark};
use crate::finding::fix::Fix;
use crate::lint::levels::Levels;
use crate::rule::Tree;
use crate::rules::structure::STRING_LENGTH;
use crate::rules::{MASKED_VALUE, REQUEST_PLACEHOLDER};
use crate::text::span::{Span, SpanSet};

/// Drops the faults of a payload whose rules are off, those of masked values, and those that another fault replaces:
/// see `Rule::outranks`, `Rule::excuses`, `Rule::stands_alone` and [`Fault::explains`]; and the comparisons with a
/// value that is wrong by itself. A fault has at least the level of those that it outranks, so that more precise words
/// never make a mistake smaller.
pub(super) fn settle(mut faults: Vec<Fault>, tree: &Tree<'_>, levels: &Levels) -> Vec<Fault> {
    if let Some(index) = faults.iter().position(|fault| fault.rule.stands_alone) {
        return vec![faults.swap_remove(index)];
    }
    faults.retain(|fault| effective(fault, levels) != Level::Off && !is_about_mask(fault, tree));
    if faults.len() < 2 {
        return faults;
    }
    faults.sort_by_key(|fault| fault.subject);
    let is_replaced: Vec<bool> = faults
        .chunk_by_mut(|one, other| one.subject == other.subject)
        .flat_map(|group| replaced(group, levels))
        .collect();
    let mut is_replaced = is_replaced.into_iter();
    faults.retain(|_| !is_replaced.next().unwrap_or(false));
    drop_explained(&mut faults);
    drop_comparisons(&mut faults, levels);
    faults
}

/// Whether a fault replaces another one on the same value.
fn replaces(fault: &Fault, other: &Fault) -> bool {
    let are_separate = fault.is_of_part && other.is_of_part && !fault.primary.span.overlaps(other.primary.span);
    fault.rule.outranks.contains(&other.rule) && !are_separate
}

/// Drops the faults that follow from another one: see [`Fault::explains`].
fn drop_explained(faults: &mut Vec<Fault>) {
    let explaining: Vec<Span> = faults.iter().filter(|fault| fault.explains).map(|fault| fault.primary.span).collect();
    if explaining.is_empty() {
        return;
    }
    let explaining = SpanSet::of(explaining);
    let follows = |fault: &Fault| fault.others.iter().any(|mark| explaining.overlaps(mark.span));
    faults.retain(|fault| fault.explains || !follows(fault));
}

/// Drops the faults that compare a value that is wrong by itself: it differs from others because it is wrong. Faults
/// of parts are kept, since the wrong part may be another one. The faults are in the order of their subjects.
fn drop_comparisons(faults: &mut Vec<Fault>, levels: &Levels) {
    let is_wrong = |fault: &&Fault| fault.others.is_empty() && effective(fault, levels) == Level::Error;
    let wrong: Vec<Span> = faults.iter().filter(is_wrong).map(|fault| fault.subject).collect();
    let is_of_wrong = |fault: &Fault| {
        let mut spans = fault.others.iter().map(|mark| mark.span).chain([fault.subject]);
        spans.any(|span| wrong.binary_search(&span).is_ok())
    };
    faults.retain(|fault| fault.others.is_empty() || fault.is_of_part || !is_of_wrong(fault));
}

/// The level of a fault once settings are applied.
fn effective(fault: &Fault, levels: &Levels) -> Level {
    if levels.runs(fault.rule) { levels.level(fault.rule, fault.level) } else { Level::Off }
}

/// Whether a fault is at a masked value, or compares with one: it follows from the mask.
fn is_about_mask(fault: &Fault, tree: &Tree<'_>) -> bool {
    *fault.rule != *MASKED_VALUE
        && *fault.rule != *REQUEST_PLACEHOLDER
        && fault.marks().any(|mark| tree.is_masked(mark.span))
}

/// Which faults on one value another one replaces; raises the levels of those that remain.
fn replaced(faults: &mut [Fault], levels: &Levels) -> Vec<bool> {
    let mut is_replaced = vec![false; faults.len()];
    if faults.len() == 1 {
        return is_replaced;
    }
    let alike = alike(faults);
    let firsts: Vec<usize> = (0..faults.len()).filter(|fault| alike[*fault] == *fault).collect();
    // Of faults that replace each other in a chain, the first gets the level of the last.
    while replace(faults, &firsts, &mut is_replaced, levels, replaces) {}
    for other in &firsts {
        let excuses = |one: &usize| faults[*one].rule.excuses.contains(&faults[*other].rule);
        is_replaced[*other] |= firsts.iter().any(excuses);
    }
    // A string of the wrong length is most likely empty or cut off: other faults of it follow from that.
    let length = faults.iter().position(|fault| *fault.rule == STRING_LENGTH);
    if length.is_some_and(|length| !is_replaced[length]) {
        replace(faults, &firsts, &mut is_replaced, levels, |one, other| {
            *one.rule == STRING_LENGTH && *other.rule != STRING_LENGTH
        });
    }
    for (fault, first) in alike.into_iter().enumerate() {
        is_replaced[fault] = is_replaced[first];
        faults[fault].level = faults[first].level;
    }
    is_replaced
}

/// For each of several faults the first one that replaces, and is replaced by, the same others: a rule may report one
/// value very often.
fn alike(faults: &[Fault]) -> Vec<usize> {
    const FEW: usize = 8;
    if faults.len() <= FEW {
        return (0..faults.len()).collect();
    }
    let mut firsts = HashMap::new();
    let part = |fault: &Fault| fault.is_of_part.then_some(fault.primary.span);
    let first = |(at, fault): (usize, &Fault)| *firsts.entry((fault.rule.name, part(fault), fault.level)).or_insert(at);
    faults.iter().enumerate().map(first).collect()
}

/// Marks what is replaced, and raises levels; whether that changed anything.
fn replace(
    faults: &mut [Fault],
    firsts: &[usize],
    is_replaced: &mut [bool],
    levels: &Levels,
    replaces: impl Fn(&Fault, &Fault) -> bool,
) -> bool {
    let mut has_changed = false;
    for one in firsts.iter().copied() {
        for other in firsts.iter().copied() {
            if one != other && replaces(&faults[one], &faults[other]) {
                let level = faults[one].level.max(effective(&faults[other], levels));
                has_changed |= !is_replaced[other] || level != faults[one].level;
                is_replaced[other] = true;
                faults[one].level = level;
            }
        }
    }
    has_changed
}

/// Merges the faults of a document that are reported once for it: the first remains, with their number, and the others
/// are labels of it if they are few.
pub(super) fn merge(faults: Vec<Fault>) -> Vec<Fault> {
    if faults.iter().filter(|fault| fault.is_collective).count() < 2 {
        return faults;
    }
    let (mut collective, mut merged): (Vec<Fault>, Vec<Fault>) =
        faults.into_iter().partition(|fault| fault.is_collective);
    collective.sort_by_key(|fault| (fault.rule.name, fault.primary.span));
    let mut collective = collective.into_iter().peekable();
    while let Some(mut first) = collective.next() {
        let others: Vec<Fault> = std::iter::from_fn(|| collective.next_if(|fault| fault.rule == first.rule)).collect();
        if !others.is_empty() {
            add_others(&mut first, others);
        }
        merged.push(first);
    }
    merged
}

/// Adds other faults of its rule to a fault: their number, their places if they are few, and their fixes.
fn add_others(first: &mut Fault, others: Vec<Fault>) {
    const FEW: usize = 4;
    let count = others.len() + 1;
    first.message = format!("{} (the first of {count} in this document)", first.message);
    first.level = others.iter().map(|other| other.level).fold(first.level, Level::max);
    let fixes: Option<Vec<&Fix>> = std::iter::once(&*first).chain(&others).map(|fault| fault.fix.as_ref()).collect();
    first.fix = fixes.map(|fixes| Fix {
        safety: fixes[0].safety,
        title: format!("{}, and {} more", fixes[0].title, count - 1).into(),
        edits: fixes.iter().flat_map(|fix| fix.edits.iter().cloned()).collect(),
    });
    if count <= FEW {
        first.others.extend(others.into_iter().map(|other| Mark { text: "and here".into(), ..other.primary }));
    }
}
