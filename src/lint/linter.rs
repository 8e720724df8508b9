//! The linter: from a text to its findings. It also collects the claims by which documents are compared later.

use std::cell::LazyCell;
use std::fmt;
use std::sync::Arc;

use crate::document::secret::quoted;
use crate::document::{Document, SYNTAX, Text, Value, Wrapped};
use crate::finding::fault::Fault;
use crate::finding::fix::Edit;
use crate::finding::{Finding, Rule};
use crate::lint::claims::{Claim, ClaimCollector};
use crate::lint::finish::Finisher;
use crate::lint::identity::Identity;
use crate::lint::levels::Levels;
use crate::lint::settle::{merge, settle};
use crate::lint::spelling::each_payload;
use crate::lint::structure;
use crate::lint::walk::Registry;
use crate::model::release::ModelVersion;
use crate::recognise::envelope::Holds;
use crate::recognise::kind::{Keys, Kind};
use crate::recognise::payload::Contents;
use crate::recognise::{Asked, Embedded, Payload, Recognised, documents, has_mark, nearest, template};
use crate::rule::pair::sites;
use crate::rule::{Node, Tree};
use crate::rules;
use crate::rules::structure::UNKNOWN_KIND;
use crate::text::literal::Literal;
use crate::text::quote::counted;
use crate::text::span::Span;

/// Lints texts with one set of rules.
#[derive(Debug)]
pub(crate) struct Linter {
    registry: Registry,
    levels: Levels,
    forced: Option<&'static Kind>,
    extra_checks: Vec<Arc<dyn PayloadCheck>>,
    model: Option<ModelVersion>,
    /// Whether any rule across documents runs, so that claims are needed.
    compares: bool,
}

/// A check of whole payloads beside the built-in rules: a team's own JSON Schema.
pub(crate) trait PayloadCheck: fmt::Debug + Send + Sync {
    /// The rule under which it reports.
    fn rule(&self) -> &'static Rule;

    /// The faults of a payload.
    fn check(&self, document: &Document<'_>, payload: &Payload<'_>) -> Vec<Fault>;
}

/// The result of linting a text.
#[derive(Debug)]
pub(crate) struct Linted {
    /// The findings, in the order of the text.
    pub(crate) findings: Vec<Finding>,
    /// How many documents there are, at least one.
    pub(crate) found: usize,
    /// How many documents were checked.
    pub(crate) checked: usize,
    /// Whether the text is one document, of valid JSON without a name that occurs twice in an object.
    pub(crate) is_json: bool,
    /// Whether anything was skipped that cannot be read and bears no mark of Image Builder.
    pub(crate) skips_broken: bool,
    /// The spans that must not be printed; empty if there is no finding.
    pub(crate) secrets: Vec<Span>,
    /// What the documents claim that other documents may contradict.
    pub(crate) claims: Vec<Claim>,
    /// What each document is; empty unless asked for.
    pub(crate) identities: Vec<Identity>,
}

/// What is noted of documents beside their faults.
struct Notes {
    claims: ClaimCollector,
    /// What each document is, as far as that is known, if it is to be noted.
    identities: Option<Vec<Identity>>,
}

impl Notes {
    fn start_document(&mut self, index: usize, document: &Document<'_>) {
        self.claims.start_document(index);
        if let Some(identities) = &mut self.identities {
            identities.push(Identity::new(index, document));
        }
    }

    fn add_payload(&mut self, payload: &Payload<'_>, tree: &Tree<'_>) {
        if let Some(identity) = self.identities.as_mut().and_then(|identities| identities.last_mut()) {
            identity.add(payload, tree);
        }
    }

    /// Notes that the last document was checked.
    fn is_checked(&mut self) {
        if let Some(identity) = self.identities.as_mut().and_then(|identities| identities.last_mut()) {
            identity.is_checked = true;
        }
    }
}

impl Linter {
    /// A linter with these levels. If a kind is forced, every document is checked as that kind.
    pub(crate) fn new(levels: Levels, forced: Option<&'static Kind>) -> Self {
        let registry = Registry::new(rules::checks().filter(|check| levels.runs(check.rule)));
        let compares = rules::pairs().any(|pair| levels.runs(pair.rule));
        Linter { registry, levels, forced, extra_checks: Vec::new(), model: None, compares }
    }

    /// Adds a check of payloads, if its rule runs.
    #[must_use]
    pub(crate) fn with(mut self, check: Arc<dyn PayloadCheck>) -> Self {
        self.extra_checks.extend(Some(check).filter(|check| self.levels.runs(check.rule())));
        self
    }

    /// Also reports what is newer than the service model of this version of botocore.
    #[must_use]
    pub(crate) fn for_model(mut self, model: Option<ModelVersion>) -> Self {
        self.model = model;
        self
    }

    /// Which rules run, and the levels of their findings.
    pub(crate) fn levels(&self) -> &Levels {
        &self.levels
    }

    /// Lints the documents of a text. Documents of unknown kind are skipped, or reported if their file was named on
    /// the command line. `is_ours` says that other texts of its file are from Image Builder.
    pub(crate) fn lint(&self, text: &Text<'_>, asked: Asked, is_ours: bool) -> Linted {
        self.lint_text(text, asked, is_ours, None)
    }

    /// As [`Linter::lint`], and says what each document is.
    pub(crate) fn lint_and_identify(&self, text: &Text<'_>, asked: Asked, is_ours: bool) -> Linted {
        self.lint_text(text, asked, is_ours, Some(Vec::new()))
    }

    fn lint_text(&self, text: &Text<'_>, asked: Asked, is_ours: bool, identities: Option<Vec<Identity>>) -> Linted {
        let mut findings: Vec<Finding> = Vec::new();
        let mut notes = Notes { claims: ClaimCollector::new(text), identities };
        let mut checked = 0;
        let documents = if text.is_whole() { documents(text, self.forced) } else { Vec::new() };
        let finisher = Finisher::new(text, &documents, &self.levels);
        let is_valid = |document: &Document<'_>| document.root().is_some() && document.faults.is_empty();
        let is_json = matches!(&documents[..], [only] if is_valid(only)) && text.wrapped().is_none();
        let is_marked = LazyCell::new(|| is_ours || text.any(has_mark));
        let mut skips_broken = false;
        for (index, document) in (text.origin.documents..).zip(&documents) {
            notes.start_document(index, document);
            let is_broken = document.root().is_none();
            let is_marked = asked == Asked::Met && is_broken && *is_marked;
            let (recognised, faults) = self.document(document, asked, is_marked, &mut notes);
            if recognised == Recognised::Foreign {
                skips_broken |= is_broken;
                continue;
            }
            checked += 1;
            notes.is_checked();
            let faults = merge(faults).into_iter().map(|fault| with_safe_fix(fault, document, text));
            findings.extend(faults.filter_map(|fault| finisher.of_document(fault, document, index)));
        }
        if !text.is_whole() {
            checked = usize::from(asked == Asked::ByName || *is_marked);
            skips_broken = checked == 0;
            if let Some(identities) = &mut notes.identities {
                let mut identity = Identity::at(text.origin.documents, 0);
                identity.is_checked = checked > 0;
                identities.push(identity);
            }
        }
        if checked > 0 {
            findings.extend(text.faults().filter_map(|fault| finisher.of_text(fault)));
        }
        findings.sort_by(|one, other| one.order().cmp(&other.order()));
        let secrets = finisher.into_secrets();
        let found = documents.len().max(1);
        let (claims, identities) = (notes.claims.into_claims(), notes.identities.unwrap_or_default());
        Linted { findings, found, checked, is_json, skips_broken, secrets, claims, identities }
    }

    /// Whether a document is from Image Builder, and its faults. `is_marked` says that the text around it mentions
    /// Image Builder.
    fn document(
        &self,
        document: &Document<'_>,
        asked: Asked,
        is_marked: bool,
        notes: &mut Notes,
    ) -> (Recognised, Vec<Fault>) {
        let contents = Contents::of(document, self.forced);
        let is_marked = LazyCell::new(|| is_marked || has_mark(document.text));
        let mut faults = document.faults.clone();
        let mut ours = Vec::new();
        let mut unknown = Vec::new();
        for embedded in &contents.embedded {
            // Of texts of any program each must show itself that it is ours.
            let is_marked = asked == Asked::Met && embedded.holds != Holds::Anything && *is_marked;
            match self.embedded(document, embedded, asked, is_marked, notes) {
                Some((Recognised::Unknown, inner)) => unknown.extend(inner),
                Some((_, inner)) => {
                    ours.push(embedded.holder.span());
                    faults.extend(inner);
                }
                None => {}
            }
        }
        // Of several strings not all need be ours.
        if ours.is_empty() && contents.payloads.is_empty() && !unknown.is_empty() {
            ours.extend(contents.embedded.iter().map(|embedded| embedded.holder.span()));
            faults.append(&mut unknown);
        }
        let recognised = Recognised::of(document, &contents, asked, !ours.is_empty(), || *is_marked);
        match (recognised, document.root()) {
            (Recognised::Ours, Some(root)) => {
                faults.extend(self.payloads(document, &contents.payloads, notes));
                faults.extend(rules::stored_secrets(document, root, &ours));
            }
            (Recognised::Unknown, Some(root)) => {
                faults.push(unknown_kind(document, contents.unknown.first().copied().unwrap_or(root)));
            }
            _ => {}
        }
        (recognised, faults)
    }

    /// The faults of the payloads of a document, and of its spelling.
    fn payloads<'d>(&self, document: &'d Document<'d>, payloads: &[Payload<'d>], notes: &mut Notes) -> Vec<Fault> {
        let mut faults = Vec::new();
        let respelling = each_payload(document, payloads, self.forced, &mut |payload, tree, respelt| {
            let found = self.payload(payload, tree, notes);
            match respelt {
                None => faults.extend(found),
                Some(respelt) => faults.extend(found.into_iter().filter_map(|fault| respelt.fault(fault))),
            }
        });
        faults.extend(respelling.into_iter().flat_map(|respelling| respelling.faults));
        faults
    }

    /// The faults of a payload.
    fn payload(&self, payload: &Payload<'_>, tree: &Tree<'_>, notes: &mut Notes) -> Vec<Fault> {
        let mut faults = Vec::new();
        structure::check(tree, self.model, &mut faults);
        self.registry.visit(tree, &mut faults);
        faults = settle(faults, tree, &self.levels);
        faults.extend(self.extra_checks.iter().flat_map(|check| check.check(tree.document(), payload)));
        if self.compares {
            sites(Node::root(tree), &mut |site| notes.claims.add(&site));
        }
        notes.add_payload(payload, tree);
        faults
    }

    /// Whether the document that a string holds is from Image Builder, and its faults, as faults of the document around
    /// it; none if it is another program's.
    fn embedded(
        &self,
        document: &Document<'_>,
        embedded: &Embedded<'_>,
        asked: Asked,
        is_marked: bool,
        notes: &mut Notes,
    ) -> Option<(Recognised, Vec<Fault>)> {
        let Embedded { holder, holds, ref decoded } = *embedded;
        let asked = if holds == Holds::Anything { Asked::Met } else { asked };
        let inner = Document::parse(decoded.as_deref().or(holder.text())?);
        let not_json = inner.faults.iter().find(|fault| holds == Holds::Message && *fault.rule == SYNTAX);
        let (recognised, faults) = match not_json {
            Some(_) if asked == Asked::Met => return None,
            Some(fault) => (Recognised::NotJson, vec![rules::message_is_not_json(fault)]),
            None => match self.document(&inner, asked, is_marked, notes) {
                (Recognised::Foreign, _) => return None,
                (Recognised::NotJson, _) if asked == Asked::Met => return None,
                // A message is asked for with its notification.
                (Recognised::Unknown, faults) if holds == Holds::Message => (Recognised::Ours, faults),
                linted => linted,
            },
        };
        let pointer = |span| inner.pointer(span);
        let faults = faults.into_iter();
        let faults = match decoded {
            Some(_) => faults.map(|fault| fault.within_encoded(holder.span(), pointer)).collect(),
            None => {
                let literal = Literal::new(document.text, holder.span());
                faults.map(|fault| fault.within(&literal, pointer)).collect()
            }
        };
        Some((recognised, faults))
    }
}

/// The fault without its fix, if that would change what stands beside the JSON of a text.
fn with_safe_fix(mut fault: Fault, document: &Document<'_>, text: &Text<'_>) -> Fault {
    let allows = |wrapped: &Wrapped, edit: &Edit| {
        wrapped.allows(&text.text, &Edit { span: edit.span.shifted(document.offset), text: edit.text.clone() })
    };
    if let Some(wrapped) = text.wrapped() {
        fault.fix = fault.fix.filter(|fix| fix.edits.iter().all(|edit| allows(wrapped, edit)));
    }
    fault
}

/// What is said of a CloudFormation template with resources of Image Builder.
fn template(value: Value<'_>, span: Span) -> Option<Fault> {
    let mut resources = template::resources(value);
    let (name, kind) = resources.next()?;
    let count = counted(resources.count() + 1, "resource");
    let message = format!(
        "this is a CloudFormation template, which is not checked; it has {count} of Image Builder: `{}` is an `{}`",
        quoted(name),
        quoted(kind)
    );
    let mut fault = Fault::new(&UNKNOWN_KIND, span, message);
    fault.help("cfn-lint checks templates; what the API takes and returns is checked here");
    Some(fault)
}

fn unknown_kind(document: &Document<'_>, value: Value<'_>) -> Fault {
    let start = value.span().start;
    let end = document.text[start..].chars().next().map_or(start, |char| start + char.len_utf8());
    let has_only_id = Keys::new(value, true).is_some_and(|keys| keys.has("requestId") && keys.only(&[]));
    if let Some(fault) = template(value, Span::new(start, end)) {
        return fault;
    }
    let message = if has_only_id {
        "this is nothing but a request id; the response that it came with is missing"
    } else {
        "this is no Image Builder document that imagelint knows"
    };
    let mut fault = Fault::new(&UNKNOWN_KIND, Span::new(start, end), message);
    let names: Vec<String> = nearest(value).iter().map(|kind| format!("`{}`", kind.name)).collect();
    if !names.is_empty() && !has_only_id {
        fault.help(format!("it comes nearest to {}; force a kind with `--kind`", names.join(" and ")));
    }
    fault
}
