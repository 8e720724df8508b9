//! From a document to its findings: payloads, walk, levels.

use crate::document::{Document, Text};
use crate::finding::{Finding, Level, Span};
use crate::kind::Kind;
use crate::payload::{Payload, Recognition, recognise};
use crate::rules;
use crate::settings::Levels;
use crate::walk::{Registry, walk};

/// Lints documents with one set of rules.
#[derive(Debug)]
pub struct Linter {
    registry: Registry,
    levels: Levels,
    forced: Option<&'static Kind>,
}

/// What linting a document came to.
#[derive(Debug)]
pub enum Outcome {
    /// It was checked; these are its findings, in the order of the text.
    Checked(Vec<Finding>),
    /// It is of no kind that is known, and nobody asked for it by name.
    Skipped,
}

impl Linter {
    /// A linter with these levels, which takes every document as the kind that is forced, if any.
    pub fn new(levels: Levels, forced: Option<&'static Kind>) -> Self {
        let registry = Registry::new(rules::all().filter(|rule| levels.runs(rule)));
        Linter { registry, levels, forced }
    }

    /// Lints a document. One that was named is not passed over when its kind is unknown.
    pub fn lint(&self, text: &Text<'_>, document: &Document<'_>, named: bool) -> Outcome {
        if let Some(finding) = text.finding.as_ref().filter(|_| !text.is_whole()) {
            return self.checked(vec![finding.clone()]);
        }
        let mut findings: Vec<Finding> = text.finding.iter().chain(&document.faults).cloned().collect();
        match (recognise(document, self.forced), &document.root) {
            (Recognition::Payloads(payloads), _) => {
                for payload in &payloads {
                    findings.extend(settle(walk(document, payload, &self.registry)));
                }
            }
            (Recognition::Unknown(_), Some(_)) if !named => return Outcome::Skipped,
            // What is not even JSON has been told so.
            (Recognition::Unknown(_), _) if document.faults.iter().any(|fault| fault.rule == "syntax") => {}
            (Recognition::Unknown(nearest), _) => findings.push(unknown_kind(document, &nearest)),
        }
        self.checked(findings)
    }

    /// The structural findings of a payload alone, whatever the levels.
    pub fn structure(document: &Document<'_>, payload: &Payload<'_>) -> Vec<Finding> {
        walk(document, payload, &Registry::new(std::iter::empty()))
    }

    fn checked(&self, mut findings: Vec<Finding>) -> Outcome {
        findings.retain_mut(|finding| {
            let rule = rules::find(finding.rule);
            debug_assert!(rule.is_some(), "a finding of `{}`, which is no rule", finding.rule);
            finding.level = self.levels.level(finding);
            finding.level != Level::Off && rule.is_some_and(|rule| self.levels.runs(rule))
        });
        findings.sort_by(|one, other| (one.primary.span, one.rule).cmp(&(other.primary.span, other.rule)));
        Outcome::Checked(findings)
    }
}

fn unknown_kind(document: &Document<'_>, nearest: &[&Kind]) -> Finding {
    let start = document.text.len() - document.text.trim_start().len();
    let end = document.text[start..].chars().next().map_or(start, |char| start + char.len_utf8());
    let message = "this is no Image Builder document that imagelint knows";
    let mut finding = Finding::new("unknown-kind", Level::Error, Span::new(start, end), message);
    let names: Vec<String> = nearest.iter().map(|kind| format!("`{}`", kind.name)).collect();
    if !names.is_empty() {
        finding.help(format!("it comes nearest to {}; force a kind with `--kind`", names.join(" and ")));
    }
    finding
}

/// Drops the findings that a finding of a more specific rule on the same value replaces.
fn settle(mut findings: Vec<Finding>) -> Vec<Finding> {
    let outranked_by = |finding: &Finding| rules::find(finding.rule).map_or::<&[&str], _>(&[], |rule| rule.outranks);
    if let Some(index) = findings.iter().position(|finding| outranked_by(finding) == ["*"]) {
        return vec![findings.swap_remove(index)];
    }
    if findings.len() > 1 {
        findings.sort_by_key(|finding| finding.subject);
        let replaced: Vec<bool> = findings
            .chunk_by(|one, other| one.subject == other.subject)
            .flat_map(|group| group.iter().map(|one| group.iter().any(|other| outranked_by(other).contains(&one.rule))))
            .collect();
        let mut replaced = replaced.into_iter();
        findings.retain(|_| !replaced.next().unwrap_or(false));
        // Of a text that is empty or far too long nothing else is worth saying.
        let cut: Vec<Span> = findings.iter().filter(|one| one.rule == "string-length").map(|one| one.subject).collect();
        findings.retain(|one| one.rule == "string-length" || cut.binary_search(&one.subject).is_err());
    }
    findings
}
