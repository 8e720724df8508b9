//! Fixes made on a text in rounds, each of which is kept only where it leaves fewer findings and no
//! new one. Knows no file and no settings.

use std::collections::{HashMap, HashSet};

use crate::document::{Document, SYNTAX, documents};
use crate::finding::Finding;
use crate::finding::fix::{Edit, Fix, Together, apply, edits};
use crate::text::span::Span;

/// A text after its fixes.
#[derive(Debug)]
pub(crate) struct FixedText {
    /// The text; the same where nothing could be fixed.
    pub text: String,
    /// How many findings are gone.
    pub fixed: usize,
    /// The findings whose fixes would have done harm, where they stand in this text.
    pub refused: Vec<Finding>,
}

/// What a text is linted with, and which of its findings are to be fixed.
pub(crate) trait Judge {
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
pub(crate) fn fix_text(text: &str, first: usize, judge: &impl Judge) -> FixedText {
    let mut state = State { text: text.to_owned(), findings: judge.lint(text), sound: Vec::new() };
    let found = state.findings.len();
    let mut refused: HashSet<Vec<Edit>> = HashSet::new();
    // How many findings there were before the first of these was refused.
    let mut unsettled = found;
    // Each turn leaves fewer findings or fewer fixes to try, so there is a last one.
    loop {
        let wanted = state.wanted(first, judge);
        let mut chosen = Together::default();
        for fix in wanted.iter().filter_map(|finding| finding.fix.as_ref()) {
            if !refused.contains(&fix.edits) {
                chosen.add(fix);
            }
        }
        if !chosen.fixes().is_empty() {
            let round = Round::of(chosen.fixes(), &state, judge);
            refused.extend(round.refused.iter().map(|fix| fix.edits.clone()));
            let made = edits(&round.kept);
            let moves = Moves::of(&made);
            refused = refused.into_iter().map(|edits| moves.edits(edits)).collect();
            state = round.next.unwrap_or(state);
        } else if state.findings.len() < unsettled {
            // What did harm before others were made may do none after them.
            refused.clear();
            unsettled = state.findings.len();
        } else {
            return FixedText { text: state.text, fixed: found - state.findings.len(), refused: wanted };
        }
    }
}

fn sound(text: &str) -> Vec<bool> {
    let is_sound = |document: &Document<'_>| document.faults.iter().all(|fault| *fault.rule != SYNTAX);
    documents(text).iter().map(|document| document.root().is_some() && is_sound(document)).collect()
}

/// Fixes that can be made at once, parted into those that do no harm together and the others.
struct Round<'r, 'f, J> {
    state: &'r State,
    judge: &'r J,
    kept: Vec<&'f Fix>,
    /// The text after those, where there are some.
    next: Option<State>,
    refused: Vec<&'f Fix>,
}

impl<'r, 'f, J: Judge> Round<'r, 'f, J> {
    /// Tries all fixes at once, and where they do harm the first half of them and then the other.
    fn of(fixes: &[&'f Fix], state: &'r State, judge: &'r J) -> Self {
        let mut round = Round { state, judge, kept: Vec::new(), next: None, refused: Vec::new() };
        round.sift(fixes);
        round
    }

    fn sift(&mut self, fixes: &[&'f Fix]) {
        if !self.keep(fixes) {
            self.part(fixes);
        }
    }

    /// Sifts fixes that do harm together.
    fn part(&mut self, fixes: &[&'f Fix]) {
        let (one, other) = fixes.split_at(fixes.len() / 2);
        if one.is_empty() {
            self.refused.extend(other);
            return;
        }
        let kept = self.kept.len();
        self.sift(one);
        if self.kept.len() == kept + one.len() {
            self.part(other);
        } else {
            self.sift(other);
        }
    }

    /// Makes these fixes, as well, unless they do harm or fix nothing.
    fn keep(&mut self, fixes: &[&'f Fix]) -> bool {
        let together = [&self.kept[..], fixes].concat();
        let fewest = self.next.as_ref().unwrap_or(self.state).findings.len();
        let next = self.state.attempt(&together, self.judge).filter(|next| next.findings.len() < fewest);
        let is_better = next.is_some();
        if is_better {
            (self.kept, self.next) = (together, next);
        }
        is_better
    }
}

impl State {
    /// The findings that are to be fixed in documents that are JSON.
    fn wanted(&mut self, first: usize, judge: &impl Judge) -> Vec<Finding> {
        let mut wanted = judge.wanted(&self.findings);
        if !wanted.is_empty() && self.sound.is_empty() {
            self.sound = sound(&self.text);
        }
        wanted.retain(|finding| {
            let index = finding.document.checked_sub(first);
            index.and_then(|index| self.sound.get(index)).is_some_and(|sound| *sound)
        });
        wanted
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
        spans.entry((finding.rule.name, finding.document)).or_default().push(span(finding));
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

    fn edits(&self, edits: Vec<Edit>) -> Vec<Edit> {
        edits.into_iter().map(|edit| Edit { span: self.span(edit.span), ..edit }).collect()
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::{Duration, Instant};

    use super::{Judge, fix_text};
    use crate::document::{ENCODING, SYNTAX, Text};
    use crate::finding::Finding;
    use crate::finding::fault::Fault;
    use crate::finding::fix::Fix;
    use crate::lint::Finisher;
    use crate::lint::levels::Levels;
    use crate::rules::structure::{NULL_MEMBER, UNKNOWN_KIND};
    use crate::text::span::Span;

    /// Finds every `a` and would make it `bb`; every `b` is worse; every `x` can go, and every `y` stays.
    /// A `c` can become a `d`, which is worse as long as there is an `x`.
    #[derive(Default)]
    struct Letters {
        lints: Cell<usize>,
    }

    impl Judge for Letters {
        fn lint(&self, text: &str) -> Vec<Finding> {
            self.lints.set(self.lints.get() + 1);
            let has_x = text.contains('x');
            let whole = Text::decode(text.as_bytes());
            let levels = Levels::default();
            let finisher = Finisher::new(&whole, &levels);
            let finding = |(at, char): (usize, char)| {
                let (rule, fixed) = match char {
                    'a' => (&SYNTAX, Some("bb")),
                    'b' => (&ENCODING, Some("b")),
                    'c' => (&UNKNOWN_KIND, Some("d")),
                    'd' if has_x => (&ENCODING, None),
                    'x' => (&NULL_MEMBER, Some("")),
                    'y' => (&NULL_MEMBER, None),
                    _ => return None,
                };
                let span = Span::new(at, at + 1);
                let mut fault = Fault::new(rule, span, "");
                fault.fix(fixed.map(|fixed| Fix::safe("", span, fixed)));
                finisher.of_text(fault)
            };
            text.char_indices().filter_map(finding).collect()
        }

        fn wanted(&self, findings: &[Finding]) -> Vec<Finding> {
            findings.iter().filter(|finding| finding.fix.is_some()).cloned().collect()
        }
    }

    #[test]
    fn a_fix_that_does_harm_is_refused_and_the_others_are_made() {
        let fixed_text = fix_text("[\"x.a.x.x.a.x\"]", 0, &Letters::default());
        assert_eq!((fixed_text.text.as_str(), fixed_text.fixed, fixed_text.refused.len()), ("[\".a...a.\"]", 4, 2));
    }

    #[test]
    fn a_fix_that_did_harm_is_made_once_others_are() {
        let fixed_text = fix_text("[\"c.a.x\"]", 0, &Letters::default());
        assert_eq!((fixed_text.text.as_str(), fixed_text.fixed, fixed_text.refused.len()), ("[\"d.a.\"]", 2, 1));
    }

    /// Held against each other one by one, so many would take minutes.
    #[test]
    fn many_fixes_in_one_text_take_no_longer_for_each() {
        let started = Instant::now();
        // Which of many fixes do harm is found by halves; each of these is tried a few times.
        for (refused, made, lints) in [(0, 100_000, 2), (1, 3_000, 40), (300, 300, 2_000)] {
            let letters = Letters::default();
            let text = |x: &str| {
                let parts = (0..made).map(|index| format!("{}{x}.y.", if index < refused { "a." } else { "" }));
                format!("[\"{}\"]", parts.collect::<String>())
            };
            let fixed_text = fix_text(&text("x"), 0, &letters);
            assert_eq!((fixed_text.fixed, fixed_text.refused.len(), fixed_text.text), (made, refused, text("")));
            assert!(letters.lints.get() <= lints, "{} lints for {refused} refused", letters.lints.get());
        }
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    }
}
