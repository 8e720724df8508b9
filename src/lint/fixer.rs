//! Applies fixes to a text in rounds. A round is accepted only if it leaves fewer findings and no new one. Knows no
//! file and no settings.

mod offsets;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use self::offsets::OffsetMap;
use crate::document::{Document, SYNTAX, Text};
use crate::finding::Finding;
use crate::finding::fix::{Compatible, Edit, Fix, apply, edits};
use crate::text::lines::Origin;
use crate::text::span::Span;

/// The result of fixing a text.
#[derive(Debug)]
pub(crate) struct FixedText {
    /// The text after the fixes; unchanged if nothing could be fixed.
    pub text: String,
    /// How many findings fewer there are.
    pub fixed: usize,
    /// The findings whose fixes would cause others, with their spans in the text after the fixes.
    pub refused: Vec<Finding>,
    /// Whether there are so many of those that not each of them was tried by itself.
    pub has_untried: bool,
    /// The documents that are still not JSON.
    pub broken: Vec<Broken>,
}

/// A document in which nothing is fixed, since it is not JSON.
#[derive(Debug)]
pub(crate) struct Broken {
    /// The finding that says so.
    pub syntax: Finding,
    /// How many findings of the document would be fixed otherwise.
    pub waiting: usize,
    /// Whether it cannot be read at all, so that nothing else is known of it.
    pub is_unread: bool,
}

/// How many bytes may be linted to try fixes, in any case and as many times as the text has.
const MOST_BYTES: usize = 1 << 28;
const MOST_TIMES: usize = 64;

/// How a text is linted, and which of its findings are to be fixed.
pub(crate) trait Judge {
    /// All findings of a text.
    fn lint(&self, text: &str) -> Vec<Finding>;

    /// The findings that are to be fixed; each has a fix.
    fn wanted(&self, findings: &[Finding]) -> Vec<Finding>;
}

/// A text between two rounds.
struct State {
    text: String,
    findings: Vec<Finding>,
    /// For each document of the text, how it can be read; computed when there is something to fix.
    reads: Vec<Reads>,
}

/// How a document can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reads {
    Not,
    /// It is JSON but for comments and trailing commas.
    Tolerantly,
    /// It is JSON.
    Strictly,
}

/// Applies the fixes that are wanted, except those that would cause other findings. Of a document that is not JSON, only
/// that is fixed, if it can be: what else is wrong with it is known once it is JSON. `first` is the index in the file of
/// the text's first document.
pub(crate) fn fix_text(text: &str, first: usize, judge: &impl Judge) -> FixedText {
    let mut state = State { text: text.to_owned(), findings: judge.lint(text), reads: Vec::new() };
    let mut fixed = 0;
    let mut refused: HashSet<Vec<Edit>> = HashSet::new();
    let bytes = Cell::new(MOST_BYTES.max(text.len().saturating_mul(MOST_TIMES)));
    // How much there was to fix when `refused` was last empty.
    let mut before_refusals = None;
    // Every iteration leaves fewer broken documents, fewer findings or fewer fixes to try, so the loop ends.
    loop {
        let wanted = state.wanted(first, judge);
        let before = *before_refusals.get_or_insert(state.rank());
        let mut chosen = Compatible::default();
        for fix in wanted.iter().filter_map(|finding| finding.fix.as_ref()) {
            if !refused.contains(&fix.edits) {
                chosen.add(fix);
            }
        }
        if !chosen.fixes().is_empty() {
            let round = Round::of(chosen.fixes(), &state, judge, first, &bytes);
            refused.extend(round.refused.iter().map(|fix| fix.edits.clone()));
            let made = edits(&round.accepted);
            let offsets = OffsetMap::of(&made);
            refused = refused.into_iter().map(|edits| offsets.edits(edits)).collect();
            if let Some(next) = round.next {
                fixed += state.findings.len() - state.kept_in(&next, first);
                state = next;
            }
        } else if state.rank() < before {
            // A fix that was refused may be acceptable now that others are applied.
            refused.clear();
            before_refusals = Some(state.rank());
        } else {
            let (broken, has_untried) = (state.broken(first, judge), bytes.get() == 0);
            return FixedText { text: state.text, fixed, refused: wanted, has_untried, broken };
        }
    }
}

fn reads(text: &str) -> Vec<Reads> {
    let has_syntax_fault = |document: &Document<'_>| document.faults.iter().any(|fault| *fault.rule == SYNTAX);
    let reads = |document: &Document<'_>| match document.root() {
        None => Reads::Not,
        Some(_) if has_syntax_fault(document) => Reads::Tolerantly,
        Some(_) => Reads::Strictly,
    };
    Text::of(text, Origin::default()).documents().iter().map(reads).collect()
}

/// One round: compatible fixes, divided into those that can be applied together and those that are refused.
struct Round<'r, 'f, J> {
    state: &'r State,
    judge: &'r J,
    /// The index in the file of the text's first document.
    first: usize,
    /// How many bytes may still be linted.
    bytes: &'r Cell<usize>,
    accepted: Vec<&'f Fix>,
    /// The text after the accepted fixes, if there are any.
    next: Option<State>,
    refused: Vec<&'f Fix>,
}

impl<'r, 'f, J: Judge> Round<'r, 'f, J> {
    /// Tries all fixes at once, and if that is refused, each half of them, recursively.
    fn of(fixes: &[&'f Fix], state: &'r State, judge: &'r J, first: usize, bytes: &'r Cell<usize>) -> Self {
        let mut round = Round { state, judge, first, bytes, accepted: Vec::new(), next: None, refused: Vec::new() };
        round.bisect(fixes);
        round
    }

    fn bisect(&mut self, fixes: &[&'f Fix]) {
        if !self.accept(fixes) {
            self.try_halves(fixes);
        }
    }

    /// Tries each half of fixes that were refused together.
    fn try_halves(&mut self, fixes: &[&'f Fix]) {
        if self.bytes.get() == 0 {
            self.refused.extend(fixes);
            return;
        }
        let (one, other) = fixes.split_at(fixes.len() / 2);
        if one.is_empty() {
            self.refused.extend(other);
            return;
        }
        let accepted = self.accepted.len();
        self.bisect(one);
        if self.accepted.len() == accepted + one.len() {
            // The first half was accepted, so the second one is refused: there is no need to try it as a whole.
            self.try_halves(other);
        } else {
            self.bisect(other);
        }
    }

    /// Accepts these fixes in addition to those accepted before, if that leaves fewer findings and no new one.
    fn accept(&mut self, fixes: &[&'f Fix]) -> bool {
        if self.bytes.get() == 0 {
            return false;
        }
        self.bytes.set(self.bytes.get().saturating_sub(self.state.text.len()));
        let together = [&self.accepted[..], fixes].concat();
        let least = self.next.as_ref().unwrap_or(self.state).rank();
        let next = self.state.attempt(&together, self.judge, self.first).filter(|next| next.rank() < least);
        let is_better = next.is_some();
        if is_better {
            (self.accepted, self.next) = (together, next);
        }
        is_better
    }
}

impl State {
    /// How much there is to fix: documents that are not JSON, and findings.
    fn rank(&self) -> (usize, usize) {
        (self.reads.iter().filter(|reads| **reads != Reads::Strictly).count(), self.findings.len())
    }

    /// How the document of a finding can be read.
    fn reads(&self, finding: &Finding, first: usize) -> Option<Reads> {
        finding.document.checked_sub(first).and_then(|index| self.reads.get(index)).copied()
    }

    /// The findings that are to be fixed: in documents that are not JSON, only those that say so.
    fn wanted(&mut self, first: usize, judge: &impl Judge) -> Vec<Finding> {
        let mut wanted = judge.wanted(&self.findings);
        if !wanted.is_empty() && self.reads.is_empty() {
            self.reads = reads(&self.text);
        }
        wanted.retain(|finding| {
            let reads = self.reads(finding, first);
            reads == Some(Reads::Strictly) || (reads.is_some() && *finding.rule == SYNTAX)
        });
        wanted
    }

    /// The documents that are not JSON and said to be so.
    fn broken(&self, first: usize, judge: &impl Judge) -> Vec<Broken> {
        let syntax: Vec<&Finding> = self.findings.iter().filter(|finding| *finding.rule == SYNTAX).collect();
        if syntax.is_empty() {
            return Vec::new();
        }
        let state = State { reads: reads(&self.text), text: String::new(), findings: Vec::new() };
        let mut waiting: HashMap<usize, usize> = HashMap::new();
        for finding in judge.wanted(&self.findings).iter().filter(|finding| *finding.rule != SYNTAX) {
            *waiting.entry(finding.document).or_default() += 1;
        }
        let mut seen = HashSet::new();
        let broken = syntax.into_iter().filter_map(|syntax| {
            let reads = state.reads(syntax, first).filter(|reads| *reads != Reads::Strictly)?;
            let waiting = waiting.get(&syntax.document).copied().unwrap_or_default();
            let is_first = seen.insert(syntax.document);
            is_first.then(|| Broken { syntax: syntax.clone(), waiting, is_unread: reads == Reads::Not })
        });
        broken.collect()
    }

    /// The text after all of the fixes; none if they cause a finding, or make a document that is not JSON.
    fn attempt(&self, fixes: &[&Fix], judge: &impl Judge, first: usize) -> Option<State> {
        let text = apply(&self.text, fixes);
        let reads = reads(&text);
        let is_as_good = match self.reads[..] {
            // An array that could not be read as one is many documents once it can.
            [Reads::Not] => reads == self.reads || reads.iter().all(|reads| *reads == Reads::Strictly),
            _ => reads.len() == self.reads.len() && self.reads.iter().zip(&reads).all(|(old, new)| old <= new),
        };
        if !is_as_good {
            return None;
        }
        let next = State { findings: judge.lint(&text), text, reads };
        self.is_improved_by(&next, &edits(fixes), first).then_some(next)
    }

    /// Whether there is less to fix after the edits, and each finding matches an earlier one of the same rule, but for
    /// those of documents that could not be read before.
    fn is_improved_by(&self, next: &State, edits: &[&Edit], first: usize) -> bool {
        let offsets = OffsetMap::of(edits);
        let mut old_spans = by_rule(&self.findings, |finding| offsets.span(finding.subject));
        let was_read = |finding: &&Finding| !self.shows_in(next, finding, first);
        next.rank() < self.rank()
            && by_rule(next.findings.iter().filter(was_read), |finding| finding.subject)
                .into_iter()
                .all(|(key, subjects)| old_spans.remove(&key).is_some_and(|old_spans| all_paired(subjects, old_spans)))
    }

    /// How many of the findings of the state after edits there were before.
    fn kept_in(&self, next: &State, first: usize) -> usize {
        next.findings.iter().filter(|finding| !self.shows_in(next, finding, first)).count()
    }

    /// Whether a finding of the state after edits is in a document that could not be read before.
    fn shows_in(&self, next: &State, finding: &Finding, first: usize) -> bool {
        let before = if self.reads[..] == [Reads::Not] { Some(Reads::Not) } else { self.reads(finding, first) };
        before == Some(Reads::Not) && next.reads(finding, first) == Some(Reads::Strictly)
    }
}

/// The spans of findings, grouped by rule and document.
fn by_rule<'f>(
    findings: impl IntoIterator<Item = &'f Finding>,
    span: impl Fn(&Finding) -> Span,
) -> HashMap<(&'f str, usize), Vec<Span>> {
    let mut spans: HashMap<(&str, usize), Vec<Span>> = HashMap::new();
    for finding in findings {
        spans.entry((finding.rule.name, finding.document)).or_default().push(span(finding));
    }
    spans
}

/// Whether each span can be paired with an old span that is equal or overlaps it, each old span used once.
fn all_paired(mut spans: Vec<Span>, mut old_spans: Vec<Span>) -> bool {
    spans.sort_unstable();
    old_spans.sort_unstable();
    let mut old_spans = old_spans.into_iter().peekable();
    // The old spans that this span or a later one may overlap.
    let mut near: Vec<Span> = Vec::new();
    spans.into_iter().all(|span| {
        near.retain(|old| old.end >= span.start);
        while let Some(old) = old_spans.next_if(|old| old.start <= span.end) {
            near.push(old);
        }
        let same = near.iter().position(|old| *old == span);
        let paired = same.or_else(|| near.iter().position(|old| old.overlaps(span)));
        paired.map(|index| near.remove(index)).is_some()
    })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{Judge, fix_text};
    use crate::document::{ENCODING, SYNTAX, Text};
    use crate::finding::Finding;
    use crate::finding::fault::Fault;
    use crate::finding::fix::Fix;
    use crate::lint::Finisher;
    use crate::lint::levels::Levels;
    use crate::rules::structure::{NULL_MEMBER, UNKNOWN_KIND};
    use crate::text::span::Span;

    /// Every letter is a finding. An `a` is fixed to `bb`, which is refused, as `b` is of another rule. An `x` is
    /// removed, a `y` has no fix. A `c` is fixed to `d`, which is refused as long as there is an `x`.
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
            let finisher = Finisher::new(&whole, &[], &levels);
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

    /// The text is linted a few times, however many fixes there are.
    #[test]
    fn many_fixes_in_one_text_are_made_at_once() {
        // Fixes that are refused are found by halving, so each of them is tried a few times.
        for (refused, made, lints) in [(0, 20_000, 2), (1, 3_000, 40), (300, 300, 2_000)] {
            let letters = Letters::default();
            let text = |x: &str| {
                let parts = (0..made).map(|index| format!("{}{x}.y.", if index < refused { "a." } else { "" }));
                format!("[\"{}\"]", parts.collect::<String>())
            };
            let fixed_text = fix_text(&text("x"), 0, &letters);
            assert_eq!((fixed_text.fixed, fixed_text.refused.len(), fixed_text.text), (made, refused, text("")));
            assert!(letters.lints.get() <= lints, "{} lints for {refused} refused", letters.lints.get());
        }
    }
}
