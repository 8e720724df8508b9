//! Runs the rules across documents: if two claims are about the same thing, reads both documents again and compares
//! them. Knows no rule's logic.

mod claims;
mod reader;
mod sites;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::document::{ArraySyntax, Text};
use crate::finding::Finding;
use crate::lint::claims::Stretch;
use crate::lint::identity::Identity;
use crate::lint::linter::Linted;
use crate::lint::{Finisher, OtherLabels};
use crate::recognise::documents;
use crate::report::{Fragment, Source, Summary};
use crate::rule::pair::{Contradiction, Pair, Side};
use crate::rules;
use crate::run::baseline::Recorded;
use crate::run::compare::claims::{InputText, KeptClaim};
use crate::run::compare::reader::Reader;
use crate::run::compare::sites::{Store, TextSites};
use crate::run::input::Input;
use crate::run::session::Session;
use crate::run::threads;
use crate::text::lines::Origin;
use crate::text::span::Span;

pub(crate) use claims::Claims;

/// How many others a document is compared with for one rule and key. It is reported only if it contradicts all of
/// them, as several captures of one thing may be of different times.
const MOST_OTHERS: usize = 8;
/// How many documents are reported for one rule and key. If more contradict, the key is most likely made up and shared
/// by the fixtures of a folder: then only rules that compare nodes of one side still report, up to this number.
const MOST_REPORTED: usize = 3;
/// How many texts are compared before their reports are printed.
const BLOCK: usize = 256;

/// The comparison of the documents of a run.
pub(crate) struct Comparing<'r> {
    /// The rules, the reports and the filter of findings.
    pub(crate) session: &'r Session<'r>,
    /// The inputs of the run.
    pub(crate) inputs: &'r [Input],
}

/// Prints findings: takes the name of a file, a fragment for each report, and their counts.
pub(crate) type Print<'p> = &'p mut dyn FnMut(&str, &[Fragment], &Summary) -> io::Result<()>;

/// The findings on a text, rendered.
struct Reported {
    path: String,
    fragments: Vec<Fragment>,
    summary: Summary,
}

/// One comparison to make: a rule, and the indices of a claim and of the claims to compare it with.
#[derive(Debug, Clone)]
struct Compared {
    pair: &'static Pair,
    here: usize,
    there: Range<usize>,
}

impl Comparing<'_> {
    /// Compares the documents with claims about the same thing and passes the findings to a function, in the order of
    /// their documents. Returns whether some documents were not compared, because there are too many.
    ///
    /// # Errors
    ///
    /// Those of the function.
    pub(crate) fn execute(&self, mut claims: Claims, print: Print<'_>) -> io::Result<bool> {
        claims.all.sort_unstable();
        let claims = &claims;
        let is_incomplete = AtomicBool::new(claims.is_incomplete);
        let reader = || Reader::new(self.inputs, &claims.stdin_texts, &is_incomplete);
        let mut compared = self.compared(&claims.all);
        if compared.is_empty() {
            return Ok(is_incomplete.into_inner());
        }
        threads::start();
        compared.sort_by_key(|one| (claims.all[one.here].text, claims.all[one.here]));
        let is_affordable = affordable(&compared, claims);
        is_incomplete.fetch_or(is_affordable.contains(&false), Ordering::Relaxed);
        let mut is_affordable = is_affordable.into_iter();
        compared.retain(|_| is_affordable.next().unwrap_or(true));
        let found: Vec<bool> = {
            let check = |reader: &mut Reader<'_>, compared: &[Compared]| self.contradict(compared, claims, reader);
            let texts: Vec<&[Compared]> = compared.chunk_by(|one, other| same_text(claims, one, other)).collect();
            texts.into_par_iter().map_init(reader, check).flatten_iter().collect()
        };
        let found =
            limit_reported(compared.into_iter().zip(found).filter(|(_, found)| *found).map(|(one, _)| one), claims);
        let texts: Vec<&[(Compared, usize)]> =
            found.chunk_by(|one, other| same_text(claims, &one.0, &other.0)).collect();
        for block in texts.chunks(BLOCK) {
            let report =
                |reader: &mut Reader<'_>, compared: &&[(Compared, usize)]| self.report(compared, claims, reader);
            let reported: Vec<_> = block.par_iter().map_init(reader, report).collect();
            reported
                .iter()
                .flatten()
                .try_for_each(|Reported { path, fragments, summary }| print(path, fragments, summary))?;
        }
        Ok(is_incomplete.into_inner())
    }

    /// Decides which claims to compare. They must be sorted by key and side.
    fn compared(&self, all: &[KeptClaim]) -> Vec<Compared> {
        let pairs: Vec<&'static Pair> = rules::pairs().filter(|pair| self.session.scopes.may_run(pair.rule)).collect();
        let mut compared = Vec::new();
        let mut end = 0;
        for group in all.chunk_by(|one, other| one.key == other.key) {
            let start = end;
            end += group.len();
            if group.len() == 1 {
                continue;
            }
            let of = |side: Side| {
                let at =
                    |least: bool| group.partition_point(|claim| claim.side < side || (!least && claim.side == side));
                start + at(true)..start + at(false)
            };
            for pair in &pairs {
                let (here_side, there_side) = (pair.between.here(), pair.between.there());
                let (here, there) = (of(here_side), of(there_side));
                // The last of several pages looks like a whole list: it is not compared if there are other pages.
                let is_paged = here_side == Side::Steps && !of(Side::StepsPage).is_empty();
                // Of several requests, such as those for two accounts, nothing says which was sent for the resource.
                let is_ambiguous = matches!(here_side, Side::Request | Side::RequestedVersion) && here.len() > 1;
                if there.is_empty() || is_paged || is_ambiguous {
                    continue;
                }
                let (here, there) = if here_side == there_side {
                    (here.start + 1..here.end, there.start..there.start + 1)
                } else {
                    (here, there.start..there.end.min(there.start + MOST_OTHERS))
                };
                compared.extend(here.map(|here| Compared { pair, here, there: there.clone() }));
            }
        }
        compared
    }

    /// For each comparison, whether it shows a contradiction. All must be of one text.
    fn contradict(&self, compared: &[Compared], claims: &Claims, reader: &mut Reader<'_>) -> Vec<bool> {
        let all = &claims.all;
        let here = claims.text_of(&all[compared[0].here]);
        let Some(text) = reader.read(here) else {
            return vec![false; compared.len()];
        };
        let text = decode(&text, here.1);
        let (here_documents, store) = (documents(&text, self.session.scopes.forced()), Store::default());
        let here_sites = TextSites::new(&here_documents, &store, self.session.scopes.forced());
        let mut others: Vec<(usize, usize)> = compared
            .iter()
            .enumerate()
            .flat_map(|(index, one)| one.there.clone().map(move |there| (index, there)))
            .collect();
        others.sort_by_key(|(_, there)| all[*there].text);
        let mut found = vec![true; compared.len()];
        for others in others.chunk_by(|(_, one), (_, other)| all[*one].text == all[*other].text) {
            let there = claims.text_of(&all[others[0].1]);
            let text = reader.read(there).unwrap_or_default();
            let text = decode(&text, there.1);
            let (there_documents, store) = (documents(&text, self.session.scopes.forced()), Store::default());
            let there_sites = TextSites::new(&there_documents, &store, self.session.scopes.forced());
            for (index, there) in others {
                let Compared { pair, here, .. } = &compared[*index];
                let sites = here_sites.of(&all[*here]).zip(there_sites.of(&all[*there]));
                let contradict = || sites.is_some_and(|(here, there)| here.contradiction(pair, there).is_some());
                found[*index] = found[*index] && contradict();
            }
        }
        found
    }

    /// Renders the findings on one text. Each comparison comes with the number of further documents that it stands for.
    fn report(&self, compared: &[(Compared, usize)], claims: &Claims, reader: &mut Reader<'_>) -> Option<Reported> {
        let (input, stretch) = claims.text_of(&claims.all[compared.first()?.0.here]);
        let bytes = reader.read((input, stretch))?;
        let text = decode(&bytes, stretch);
        let (here_documents, store) = (documents(&text, self.session.scopes.forced()), Store::default());
        let here_sites = TextSites::new(&here_documents, &store, self.session.scopes.forced());
        let linter = self.session.scopes.linter(self.inputs[input].path());
        let finisher = Finisher::new(&text, &here_documents, linter.levels());
        let there = |(one, _): &(Compared, usize)| claims.all[one.there.start].text;
        let mut compared = compared.to_vec();
        compared.sort_by_key(there);
        let (mut findings, mut others) = (Vec::new(), Vec::new());
        for compared in compared.chunk_by(|one, other| there(one) == there(other)) {
            others.extend(self.find(compared, claims, (&here_sites, &finisher), reader, &mut findings));
        }
        findings.sort_by(|one, other| one.order().cmp(&other.order()));
        let path = self.inputs[input].name();
        let filter = self.session.filter(&self.inputs[input], &path);
        let mut recorded = Recorded::default();
        filter.apply_and_count(&mut findings, &mut recorded);
        filter.record(recorded);
        filter.close();
        if findings.is_empty() {
            return None;
        }
        let mut linted = Linted {
            findings,
            found: here_documents.len(),
            checked: 0,
            is_json: true,
            skips_broken: false,
            secrets: finisher.into_secrets(),
            claims: Vec::new(),
            identities: (stretch.origin.documents..)
                .zip(&here_documents)
                .map(|(index, document)| Identity::new(index, document))
                .collect(),
        };
        let others: Vec<Source<'_>> = others.iter().map(Other::source).collect();
        let mut summary = Summary::default();
        summary.count(&linted);
        self.session.hide(&mut linted.findings, &mut summary);
        let source = Source { others: &others, is_compared: true, ..Source::new(&path, &text, &linted) };
        let fragments = self.session.fragments(&source);
        Some(Reported { path, fragments, summary })
    }

    /// Adds the findings on one text for comparisons with one other text, which is returned for excerpts.
    fn find(
        &self,
        compared: &[(Compared, usize)],
        claims: &Claims,
        (here_sites, finisher): (&TextSites<'_>, &Finisher<'_>),
        reader: &mut Reader<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<Other> {
        let (input, stretch) = claims.text_of(&claims.all[compared.first()?.0.there.start]);
        let bytes = reader.read((input, stretch))?;
        let text = decode(&bytes, stretch);
        let (there_documents, store) = (documents(&text, self.session.scopes.forced()), Store::default());
        let there_sites = TextSites::new(&there_documents, &store, self.session.scopes.forced());
        let linter = self.session.scopes.linter(self.inputs[input].path());
        let there_finisher = Finisher::new(&text, &there_documents, linter.levels());
        let path = self.inputs[input].name();
        for (one, more) in compared {
            let (here, there) = (&claims.all[one.here], &claims.all[one.there.start]);
            let sites = here_sites.of(here).zip(there_sites.of(there));
            let Some((here_site, there_site)) = sites else {
                continue;
            };
            let Some(Contradiction { mut fault, there: marks }) = here_site.contradiction(one.pair, there_site) else {
                continue;
            };
            let (Some(here_document), Some(there_document)) = (here_sites.document(here), there_sites.document(there))
            else {
                continue;
            };
            if *more > 0 {
                let documents = if *more == 1 { "document disagrees" } else { "documents disagree" };
                write!(fault.message, "; {more} more {documents}").expect("a String takes all");
            }
            let (finisher_there, key) = (&there_finisher, here_site.key());
            let labels =
                OtherLabels { finisher: finisher_there, document: there_document, path: &path, marks, key: &key };
            let index = claims.text_of(here).1.origin.documents + here.document as usize;
            findings.extend(finisher.with_labels(fault, here_document, index, labels));
        }
        let secrets = there_finisher.into_secrets();
        Some(Other { path, text: text.text.into_owned(), origin: text.origin, secrets })
    }
}

fn same_text(claims: &Claims, one: &Compared, other: &Compared) -> bool {
    claims.all[one.here].text == claims.all[other.here].text
}

/// Which comparisons can be made: each text is read again for each other text that it is compared with, which must
/// not take much longer than to read all of them once.
fn affordable(compared: &[Compared], claims: &Claims) -> Vec<bool> {
    // How many bytes may be read again in any case, and how many times as much as all texts have.
    const BYTES: usize = 1 << 28;
    const TIMES: usize = 8;
    let length = |(_, stretch): &InputText| if stretch.length == usize::MAX { 1 << 20 } else { stretch.length };
    let most = claims.texts.iter().map(length).sum::<usize>().saturating_mul(TIMES).saturating_add(BYTES);
    let mut read = BTreeSet::new();
    let mut bytes = 0_usize;
    let mut is_affordable = |one: &Compared| {
        for there in &claims.all[one.there.clone()] {
            if read.insert((claims.all[one.here].text, there.text)) {
                bytes = bytes.saturating_add(length(&claims.text_of(there)));
            }
        }
        bytes <= most
    };
    compared.iter().map(&mut is_affordable).collect()
}

/// Decodes the bytes of a stretch.
fn decode(bytes: &[u8], stretch: Stretch) -> Text<'_> {
    // The origin of the stretch is already that after a byte order mark.
    let text = Text::decode_at(bytes, stretch.origin, ArraySyntax::Valid);
    text.at(stretch.origin)
}

/// A text that findings on another one have labels on.
struct Other {
    path: String,
    text: String,
    origin: Origin,
    secrets: Vec<Span>,
}

impl Other {
    fn source(&self) -> Source<'_> {
        let Other { path, text, origin, secrets } = self;
        let (findings, others, identities) = (&[], &[], &[]);
        Source { path, text, origin: *origin, findings, secrets, others, identities, is_compared: true }
    }
}

/// The comparisons that are reported: the first [`MOST_REPORTED`] for each rule and key, the last of them with the
/// number of those left out.
fn limit_reported(found: impl Iterator<Item = Compared>, claims: &Claims) -> Vec<(Compared, usize)> {
    let subject = |one: &Compared| (one.pair.rule.name, claims.all[one.here].key);
    let mut counts: HashMap<(&str, u64), (usize, usize)> = HashMap::new();
    let mut reported: Vec<(Compared, usize)> = Vec::new();
    for one in found {
        let (count, last) = counts.entry(subject(&one)).or_default();
        *count += 1;
        if *count > MOST_REPORTED {
            reported[*last].1 += 1;
        } else {
            *last = reported.len();
            reported.push((one, 0));
        }
    }
    let is_of_one_side = |one: &Compared| one.pair.between.here() == one.pair.between.there();
    reported.retain(|(one, _)| is_of_one_side(one) || counts[&subject(one)].0 <= MOST_REPORTED);
    reported
}
