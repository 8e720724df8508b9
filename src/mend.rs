//! Fixes made on a text in rounds, each of which is kept only where it leaves fewer findings and no
//! new one. Knows no file and no settings.

use std::collections::HashMap;

use crate::finding::{Finding, Span};
use crate::fix::{Edit, Fix, Together, apply, edits};
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
            let mut chosen = Together::default();
            untried.retain(|fix| !chosen.add(fix));
            if let Some(next) = self.best(chosen.fixes(), judge) {
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
        let moves = Moves::of(edits);
        let mut places = by_rule(&self.findings, |finding| moves.span(finding.subject));
        next.findings.len() < self.findings.len()
            && by_rule(&next.findings, |finding| finding.subject)
                .into_iter()
                .all(|(key, subjects)| places.remove(&key).is_some_and(|places| each_meets_another(subjects, places)))
    }
}

/// The spans of findings, by rule and document.
fn by_rule(findings: &[Finding], span: impl Fn(&Finding) -> Span) -> HashMap<(&str, usize), Vec<Span>> {
    let mut spans: HashMap<(&str, usize), Vec<Span>> = HashMap::new();
    for finding in findings {
        spans.entry((finding.rule, finding.document)).or_default().push(span(finding));
    }
    spans
}

/// Whether each span is or overlaps a place that no other takes.
fn each_meets_another(mut spans: Vec<Span>, mut places: Vec<Span>) -> bool {
    spans.sort_unstable();
    places.sort_unstable();
    let mut places = places.into_iter().peekable();
    // The places that this span and those after it may meet.
    let mut near: Vec<Span> = Vec::new();
    spans.into_iter().all(|span| {
        near.retain(|place| place.end >= span.start);
        while let Some(place) = places.next_if(|place| place.start <= span.end) {
            near.push(place);
        }
        let same = near.iter().position(|place| *place == span);
        let met = same.or_else(|| near.iter().position(|place| place.overlaps(span)));
        met.map(|index| near.remove(index)).is_some()
    })
}

/// Where things stand after edits, which are in the order of the text.
struct Moves<'e> {
    edits: &'e [&'e Edit],
    /// For each edit, and for the end, the lengths of what edits before it put in and take away.
    before: Vec<(usize, usize)>,
}

impl<'e> Moves<'e> {
    fn of(edits: &'e [&'e Edit]) -> Self {
        let mut lengths = (0, 0);
        let mut before = vec![lengths];
        for edit in edits {
            lengths = (lengths.0 + edit.text.len(), lengths.1 + edit.span.end - edit.span.start);
            before.push(lengths);
        }
        Moves { edits, before }
    }

    /// Where a span stands; one that starts or ends inside an edit reaches to its border.
    fn span(&self, span: Span) -> Span {
        Span::new(self.border(span.start, true), self.border(span.end, false))
    }

    fn border(&self, offset: usize, is_start: bool) -> usize {
        let index = self.edits.partition_point(|edit| edit.span.end <= offset);
        let (grown, shrunk) = self.before[index];
        match self.edits.get(index) {
            Some(edit) if edit.span.start < offset => {
                let start = edit.span.start + grown - shrunk;
                if is_start { start } else { start + edit.text.len() }
            }
            _ => offset + grown - shrunk,
        }
    }
}
