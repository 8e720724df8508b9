//! From a document to its findings: payloads, walk, levels. What other documents may contradict is
//! noted on the way.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::sync::Arc;

use jsonc_parser::common::Ranged;

use crate::document::secret;
use crate::document::split::{Part, parts};
use crate::document::{Document, Text, Value};
use crate::finding::{Finding, Level, Span};
use crate::lint::claims::{Claim, Place};
use crate::lint::house::HouseSchema;
use crate::lint::levels::Levels;
use crate::lint::walk::{Registry, walk};
use crate::model::release::ModelVersion;
use crate::recognise::kind::Kind;
use crate::recognise::payload::{Embedded, Payload, bears_mark, nearest, recognise};
use crate::rule::pair::sites;
use crate::rules;
use crate::rules::house_schema::HOUSE_SCHEMA;
use crate::text::literal::Literal;

/// Lints documents with one set of rules.
#[derive(Debug)]
pub struct Linter {
    registry: Registry,
    levels: Levels,
    forced: Option<&'static Kind>,
    house: Vec<Arc<HouseSchema>>,
    model: Option<ModelVersion>,
    /// Whether a rule across documents runs.
    across: bool,
}

/// What linting a text came to.
#[derive(Debug, Default)]
pub struct Linted {
    /// The findings, in the order of the text.
    pub findings: Vec<Finding>,
    /// How many documents were checked.
    pub checked: usize,
    /// How many were passed over: they are of no kind that is known, and nobody asked for them by name.
    pub skipped: usize,
    /// What must not be printed; empty where there is no finding.
    pub secrets: Vec<Span>,
    /// What other documents may contradict.
    pub claims: Vec<Claim>,
}

impl Linter {
    /// A linter with these levels, which takes every document as the kind that is forced, if any.
    pub fn new(levels: Levels, forced: Option<&'static Kind>) -> Self {
        let registry = Registry::new(rules::all().filter(|rule| levels.runs(rule)));
        let across = rules::PAIRINGS.iter().any(|pairing| levels.runs(pairing.rule));
        Linter { registry, levels, forced, house: Vec::new(), model: None, across }
    }

    /// The kind that every document is taken for, if any.
    pub fn forced(&self) -> Option<&'static Kind> {
        self.forced
    }

    /// The same, which also checks a team's own schemas.
    #[must_use]
    pub fn with_house_schemas(mut self, schemas: impl IntoIterator<Item = Arc<HouseSchema>>) -> Self {
        let runs = self.levels.runs(&HOUSE_SCHEMA);
        self.house.extend(schemas.into_iter().filter(|_| runs));
        self
    }

    /// The same, which also notes what is newer than the service model of a version of botocore.
    #[must_use]
    pub fn for_model(mut self, model: Option<ModelVersion>) -> Self {
        self.model = model;
        self
    }

    /// Lints the documents of a text, the first of which has an index in its file. Those of a file
    /// that was named are not passed over when their kind is unknown.
    pub fn lint(&self, text: &Text<'_>, first: usize, named: bool) -> Linted {
        let mut linted = Linted::default();
        linted.findings.extend(text.finding.clone().map(|finding| Finding { document: first, ..finding }));
        let parts = if text.is_whole() { parts(&text.text) } else { Vec::new() };
        if text.is_whole() {
            for (index, part) in parts.iter().enumerate() {
                let claimed = linted.claims.len();
                self.lint_part(part, first + index, named, &mut linted);
                for (site, claim) in linted.claims[claimed..].iter_mut().enumerate() {
                    *claim = Claim { site, document: first + index, place: Place::of(text, first), ..*claim };
                }
            }
        } else {
            linted.checked = 1;
        }
        self.level(&mut linted.findings);
        if !linted.findings.is_empty() {
            linted.secrets = secret::spans(&text.text, &parts);
        }
        linted.findings.sort_by(|one, other| (one.primary.span, one.rule).cmp(&(other.primary.span, other.rule)));
        linted
    }

    fn lint_part(&self, part: &Part<'_>, index: usize, named: bool, linted: &mut Linted) {
        let Part { document, offset } = part;
        let Some(mut findings) = self.document(document, named, false, &mut linted.claims) else {
            linted.skipped += 1;
            return;
        };
        linted.checked += 1;
        for finding in &mut findings {
            finding.shift(*offset);
            finding.document = index;
        }
        linted.findings.append(&mut findings);
    }

    /// The located findings of a document; none where nothing in it is recognised and it is to be
    /// passed over. What is around it may bear the mark of Image Builder.
    fn document(
        &self,
        document: &Document<'_>,
        named: bool,
        marked: bool,
        claims: &mut Vec<Claim>,
    ) -> Option<Vec<Finding>> {
        let mut findings = document.faults.clone();
        let contents = recognise(document, self.forced);
        let marked = LazyCell::new(|| marked || bears_mark(document.text));
        let mut recognised = contents.is_recognised(|| *marked);
        let mut within = Vec::new();
        for embedded in &contents.embedded {
            if let Some(found) = self.embedded(document, embedded, named, *marked, claims) {
                recognised = true;
                within.push(Span::from(embedded.holder.range()));
                findings.extend(found);
            }
        }
        match &document.root {
            None => {}
            Some(_) if !recognised && !named => return None,
            Some(root) => {
                for payload in &contents.payloads {
                    findings.extend(settle(walk(document, payload, &self.registry, self.model)));
                    findings.extend(self.house.iter().flat_map(|schema| schema.check(document, payload)));
                    if self.across {
                        sites(payload.root(document), &mut |site| claims.push(Claim::of(&site)));
                    }
                }
                if recognised || !contents.payloads.is_empty() {
                    findings.extend(rules::presigned_urls(document, root.range().into(), &within));
                }
                // What is not even JSON has been told so.
                let is_told = recognised
                    || !contents.payloads.is_empty()
                    || findings.iter().any(|finding| finding.rule == "syntax");
                if !is_told {
                    let unknown = contents.unknown.first().copied().unwrap_or(root);
                    findings.push(unknown_kind(document, unknown));
                }
            }
        }
        for finding in &mut findings {
            document.locate(finding);
        }
        Some(findings)
    }

    /// The findings on the document that a string holds.
    fn embedded(
        &self,
        document: &Document<'_>,
        embedded: &Embedded<'_>,
        named: bool,
        marked: bool,
        claims: &mut Vec<Claim>,
    ) -> Option<Vec<Finding>> {
        let Embedded { holder, text_rule } = *embedded;
        let inner = Document::parse(&holder.as_string_lit()?.value);
        let mut findings = match text_rule.and_then(|rule| no_json(rule, &inner)) {
            Some(finding) => named.then(|| vec![finding])?,
            None => self.document(&inner, named, marked, claims).filter(|_| inner.root.is_some() || named)?,
        };
        let literal = Literal::new(document.text, holder.range().into());
        for finding in &mut findings {
            finding.embed(|span| literal.place(span));
        }
        Some(findings)
    }

    /// Whether findings of a rule can be reported; no finding is of a rule that does not exist.
    pub fn runs(&self, rule: &str) -> bool {
        rules::find(rule).is_none_or(|rule| self.levels.runs(rule))
    }

    /// The structural findings of a payload alone, whatever the levels.
    pub fn structure(document: &Document<'_>, payload: &Payload<'_>) -> Vec<Finding> {
        walk(document, payload, &Registry::new(std::iter::empty()), None)
    }

    /// Gives findings the levels that are set for their rules, and drops those that are off.
    pub(crate) fn level(&self, findings: &mut Vec<Finding>) {
        findings.retain_mut(|finding| {
            let rule = rules::find(finding.rule);
            debug_assert!(rule.is_some(), "a finding of `{}`, which is no rule", finding.rule);
            finding.level = self.levels.level(finding);
            finding.level != Level::Off && rule.is_some_and(|rule| self.levels.runs(rule))
        });
    }
}

/// The finding of a rule on a text that is no JSON, in the words of the syntax fault.
fn no_json(rule: &str, inner: &Document<'_>) -> Option<Finding> {
    let rule = rules::find(rule)?;
    let fault = inner.faults.iter().find(|fault| fault.rule == "syntax")?;
    let message = format!("the message is not JSON: {}", fault.message);
    let mut finding = Finding { rule: rule.name, level: rule.level, message, help: None, ..fault.clone() };
    inner.locate(&mut finding);
    Some(finding)
}

fn unknown_kind(document: &Document<'_>, value: &Value<'_>) -> Finding {
    let start = value.start();
    let end = document.text[start..].chars().next().map_or(start, |char| start + char.len_utf8());
    let message = "this is no Image Builder document that imagelint knows";
    let mut finding = Finding::new("unknown-kind", Level::Error, Span::new(start, end), message);
    let names: Vec<String> = nearest(value).iter().map(|kind| format!("`{}`", kind.name)).collect();
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
            .flat_map(|group| {
                let outranked: HashSet<&str> = group.iter().flat_map(outranked_by).copied().collect();
                group.iter().map(move |one| outranked.contains(one.rule))
            })
            .collect();
        let mut replaced = replaced.into_iter();
        findings.retain(|_| !replaced.next().unwrap_or(false));
        // Of a text that is empty or far too long nothing else is worth saying.
        let cut: Vec<Span> = findings.iter().filter(|one| one.rule == "string-length").map(|one| one.subject).collect();
        findings.retain(|one| one.rule == "string-length" || cut.binary_search(&one.subject).is_err());
    }
    findings
}
