//! Fixes made on a text in rounds, each of which is kept only where it leaves fewer findings and no
//! new one. Knows no file and no settings.

use std::collections::HashMap;

use crate::finding::{Finding, Span};
use crate::fix::{Edit, Fix, apply, edits};
use crate::split::parts;

/// A text after its fixes.
#[derive(Debug)]
pub struct Mended {
    /// The text; the same where nothing could be fixed.
    pub text: String,
    /// How many findings are gone.
    pub fixed: usize,
    /// The findings whose fixes would have done harm, where they stand in this text.
    pub refused: Vec<Finding>,
}

/// What a text is linted with, and which of its findings are to be fixed.
pub trait Judge {
    /// All findings of a text.
    fn lint(&self, text: &str) -> Vec<Finding>;

    /// Those of them that are to be fixed, each with its fix.
    fn wanted(&self, findings: &[Finding]) -> Vec<Finding>;
}

/// A text between two rounds.
struct State {
    text: String,
    findings: Vec<Finding>,
    /// For each document of the text, whether it is JSON; read once there is something to fix.
    sound: Vec<bool>,
}

/// Makes the fixes that are wanted, as many of them as do no harm. Documents that are not JSON are
/// left alone; the index of the text's first document is that in its file.
pub fn mend(text: &str, first: usize, judge: &impl Judge) -> Mended {
    let mut state = State { text: text.to_owned(), findings: judge.lint(text), sound: Vec::new() };
    let mut fixed = 0;
    // Each round leaves fewer findings, so there are no more rounds than findings.
    loop {
        let mut wanted = judge.wanted(&state.findings);
        if !wanted.is_empty() && state.sound.is_empty() {
            state.sound = sound(&state.text);
        }
        wanted.retain(|finding| {
            let index = finding.document.checked_sub(first);
            index.and_then(|index| state.sound.get(index)).is_some_and(|sound| *sound)
        });
        match state.round(&wanted, judge) {
            Some(next) => {
                fixed += state.findings.len() - next.findings.len();
                state = next;
            }
            None => return Mended { text: state.text, fixed, refused: wanted },
        }
    }
}

fn sound(text: &str) -> Vec<bool> {
    let is_sound = |faults: &[Finding]| faults.iter().all(|fault| fault.rule != "syntax");
    parts(text).iter().map(|part| part.document.root.is_some() && is_sound(&part.document.faults)).collect()
}

impl State {
    /// The text after as many fixes as go together, tried in the order of the text.
    fn round(&self, wanted: &[Finding], judge: &impl Judge) -> Option<State> {
        let mut untried: Vec<&Fix> = wanted.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        while !untried.is_empty() {
            let mut chosen: Vec<&Fix> = Vec::new();
            untried.retain(|fix| {
                let conflicts = chosen.iter().any(|other| fix.conflicts(other));
                if !conflicts {
                    chosen.push(fix);
                }
                conflicts
            });
            if let Some(next) = self.best(&chosen, judge) {
                return Some(next);
            }
        }
        None
    }

    /// The text after all of the fixes, or else after the first part of them that does no harm.
    fn best(&self, fixes: &[&Fix], judge: &impl Judge) -> Option<State> {
        self.attempt(fixes, judge).or_else(|| {
            let (one, other) = fixes.split_at(fixes.len() / 2);
            if one.is_empty() { None } else { self.best(one, judge).or_else(|| self.best(other, judge)) }
        })
    }

    /// The text after all of the fixes, unless they do harm.
    fn attempt(&self, fixes: &[&Fix], judge: &impl Judge) -> Option<State> {
        let text = apply(&self.text, fixes);
        let sound = sound(&text);
        if sound != self.sound {
            return None;
        }
        let next = State { findings: judge.lint(&text), text, sound };
        self.is_bettered_by(&next, &edits(fixes)).then_some(next)
    }

    /// Whether there are fewer findings after the edits, each of which takes the place of one of the
    /// same rule.
    fn is_bettered_by(&self, next: &State, edits: &[&Edit]) -> bool {
        let mut before: HashMap<(&str, usize), Vec<Span>> = HashMap::new();
        for finding in &self.findings {
            before.entry((finding.rule, finding.document)).or_default().push(moved(finding.subject, edits));
        }
        next.findings.len() < self.findings.len()
            && next.findings.iter().all(|finding| {
                let Some(places) = before.get_mut(&(finding.rule, finding.document)) else {
                    return false;
                };
                let found = places.iter().position(|place| meet(*place, finding.subject));
                found.map(|index| places.swap_remove(index)).is_some()
            })
    }
}

fn meet(one: Span, other: Span) -> bool {
    one == other || one.overlaps(other)
}

/// Where a span stands after the edits; one that starts or ends inside an edit reaches to its border.
fn moved(span: Span, edits: &[&Edit]) -> Span {
    let border = |offset: usize, is_start: bool| {
        let mut grown = 0;
        let mut shrunk = 0;
        for edit in edits.iter().take_while(|edit| edit.span.start < offset || edit.span.end <= offset) {
            if edit.span.end <= offset {
                grown += edit.text.len();
                shrunk += edit.span.end - edit.span.start;
            } else {
                let start = edit.span.start + grown - shrunk;
                return if is_start { start } else { start + edit.text.len() };
            }
        }
        offset + grown - shrunk
    };
    Span::new(border(span.start, true), border(span.end, false))
}
