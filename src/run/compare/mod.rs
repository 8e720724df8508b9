//! Rules across documents: where two claims speak of the same thing, both documents are read again and
//! compared. Knows no rule's logic.

mod claims;
mod reader;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

use rayon::prelude::*;

use crate::document::secret;
use crate::document::{Document, Joint, Text, documents};
use crate::finding::{Finding, Label};
use crate::lint::Finisher;
use crate::lint::claims::{Claim, Place};
use crate::lint::linter::Linted;
use crate::recognise::Embedded;
use crate::recognise::payload::Contents;
use crate::report::{Fragment, Source, Summary};
use crate::rule::pair::{Contradiction, Pair, Side, Site, sites};
use crate::rule::{Node, Tree};
use crate::rules;
use crate::run::compare::claims::Placed;
use crate::run::compare::reader::Reader;
use crate::run::input::Input;
use crate::run::session::Session;
use crate::text::lines::Origin;
use crate::text::literal::Literal;
use crate::text::span::Span;

pub(crate) use claims::Claims;

/// How many others a document is compared with for one rule and key. It is reported where it
/// contradicts each of them: several captures of one thing may be of different times.
const MOST_OTHERS: usize = 8;
/// How many documents are reported for one rule and key. What more documents contradict than that is
/// made up and shared by the fixtures of a folder: only captures of one thing are still reported, in part.
const MOST_REPORTED: usize = 3;
/// How many texts are checked before their reports are printed.
const BLOCK: usize = 256;

/// What comparing documents needs to know.
pub(crate) struct Comparing<'r> {
    /// The rules, the reports and what is left out of them.
    pub(crate) session: &'r Session<'r>,
    /// The inputs of the run.
    pub(crate) inputs: &'r [Input],
}

/// Takes a file's name, a fragment for each report and what they count.
pub(crate) type Print<'p> = &'p mut dyn FnMut(&str, &[Fragment], &Summary) -> io::Result<()>;

/// What there is to report on a text.
struct Reported {
    path: String,
    fragments: Vec<Fragment>,
    summary: Summary,
}

/// A claim that a rule compares with others, by their indices.
#[derive(Debug, Clone)]
struct Compared {
    pair: &'static Pair,
    here: usize,
    there: Range<usize>,
}

/// A text of the run that a claim is in.
fn text_of((input, claim): &Placed) -> (usize, Place) {
    (*input, claim.place)
}

impl Comparing<'_> {
    /// Compares the claims and hands on the reports, in the order of the documents that they are about.
    /// Returns whether some were left out because there is too much to read again.
    ///
    /// # Errors
    ///
    /// What the function comes to.
    pub(crate) fn execute(&self, claims: Claims, print: Print<'_>) -> io::Result<bool> {
        let Claims { mut all, kept, is_cut, .. } = claims;
        let is_cut = AtomicBool::new(is_cut);
        let reader = || Reader::new(self.inputs, &kept, &is_cut);
        all.sort_unstable_by_key(|(input, claim)| (claim.key, claim.side, *input, *claim));
        let mut compared = self.compared(&all);
        compared.sort_by_key(|one| (text_of(&all[one.here]), all[one.here]));
        let found: Vec<bool> = {
            let check = |reader: &mut Reader<'_>, compared: &[Compared]| self.contradict(compared, &all, reader);
            let texts: Vec<&[Compared]> = compared.chunk_by(|one, other| same_text(&all, one, other)).collect();
            texts.into_par_iter().map_init(reader, check).flatten_iter().collect()
        };
        let found = shortened(compared.into_iter().zip(found).filter(|(_, found)| *found).map(|(one, _)| one), &all);
        let texts: Vec<&[(Compared, usize)]> = found.chunk_by(|one, other| same_text(&all, &one.0, &other.0)).collect();
        for block in texts.chunks(BLOCK) {
            let report = |reader: &mut Reader<'_>, compared: &&[(Compared, usize)]| self.report(compared, &all, reader);
            let reported: Vec<_> = block.par_iter().map_init(reader, report).collect();
            reported
                .iter()
                .flatten()
                .try_for_each(|Reported { path, fragments, summary }| print(path, fragments, summary))?;
        }
        Ok(is_cut.into_inner())
    }

    /// Which claims are to be compared with which.
    fn compared(&self, all: &[Placed]) -> Vec<Compared> {
        let levels = self.session.linter.levels();
        let pairs: Vec<&'static Pair> = rules::pairs().filter(|pair| levels.runs(pair.rule)).collect();
        let mut compared = Vec::new();
        let mut end = 0;
        for group in all.chunk_by(|(_, one), (_, other)| one.key == other.key) {
            let start = end;
            end += group.len();
            if group.len() == 1 {
                continue;
            }
            let of = |side: Side| {
                let at = |least: bool| {
                    group.partition_point(|(_, claim)| claim.side < side || (!least && claim.side == side))
                };
                start + at(true)..start + at(false)
            };
            for pair in &pairs {
                let (here_side, there_side) = (pair.between.here(), pair.between.there());
                let (here, there) = (of(here_side), of(there_side));
                // The last page of several looks like a whole list.
                let is_paged = here_side == Side::Steps && !of(Side::StepsPage).is_empty();
                if there.is_empty() || is_paged {
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

    /// Whether each comparison shows a contradiction; all of them are about one text.
    fn contradict(&self, compared: &[Compared], all: &[Placed], reader: &mut Reader<'_>) -> Vec<bool> {
        let here = &all[compared[0].here];
        let Some(text) = reader.read(here) else {
            return vec![false; compared.len()];
        };
        let text = placed(&text, here.1.place);
        let here_documents = documents(&text.text);
        let mut held: Vec<(usize, usize)> = compared
            .iter()
            .enumerate()
            .flat_map(|(index, one)| one.there.clone().map(move |there| (index, there)))
            .collect();
        held.sort_by_key(|(_, there)| text_of(&all[*there]));
        let mut found = vec![true; compared.len()];
        for held in held.chunk_by(|(_, one), (_, other)| text_of(&all[*one]) == text_of(&all[*other])) {
            let there = &all[held[0].1];
            let text = reader.read(there).unwrap_or_default();
            let text = placed(&text, there.1.place);
            let there_documents = documents(&text.text);
            for (index, there) in held {
                let Compared { pair, here, .. } = &compared[*index];
                let sides = (&here_documents[..], &all[*here].1, &there_documents[..], &all[*there].1);
                found[*index] = found[*index] && self.contradiction(pair, sides).is_some();
            }
        }
        found
    }

    /// What two claims contradict each other in, in spans of their documents.
    fn contradiction(
        &self,
        pair: &'static Pair,
        (here_documents, here, there_documents, there): (&[Document<'_>], &Claim, &[Document<'_>], &Claim),
    ) -> Option<Contradiction> {
        let mut found = None;
        self.visit(here_documents, here, &mut |here, here_way| {
            self.visit(there_documents, there, &mut |there, there_way| {
                if here.key != there.key {
                    return;
                }
                if let Some(Contradiction { fault, there }) = pair.compare(here.node, there.node) {
                    let fault = here_way
                        .iter()
                        .rev()
                        .fold(fault, |fault, step| fault.within(&step.literal, |span| step.inner.pointer(span)));
                    let marks = there.into_iter().map(|mark| {
                        there_way
                            .iter()
                            .rev()
                            .fold(mark, |mark, step| mark.within(&step.literal, |span| step.inner.pointer(span)))
                    });
                    found = Some(Contradiction { fault, there: marks.collect() });
                }
            });
        });
        found
    }

    /// Calls a function for the site of a claim, if it is still there.
    fn visit(&self, documents: &[Document<'_>], claim: &Claim, each: Visit<'_>) {
        let Some(document) = documents.get(claim.document - claim.place.origin.documents) else {
            return;
        };
        let mut site = 0;
        self.descend(document, &mut Vec::new(), &mut |found, way| {
            if site == claim.site && found.side == claim.side {
                each(found, way);
            }
            site += 1;
        });
    }

    /// Calls a function for every site of a document, in the order in which the linter notes them.
    fn descend(&self, document: &Document<'_>, way: &mut Vec<Step<'_>>, each: Visit<'_>) {
        let contents = Contents::of(document, self.session.linter.forced());
        for Embedded { holder, .. } in &contents.embedded {
            let Some(text) = holder.text() else {
                continue;
            };
            let inner = Document::parse(text);
            let step = Step { literal: Literal::new(document.text, holder.span()), inner: &inner };
            let mut way: Vec<Step<'_>> = way.iter().cloned().chain([step]).collect();
            self.descend(&inner, &mut way, each);
        }
        for payload in &contents.payloads {
            let tree = Tree::new(document, payload);
            sites(Node::root(&tree), &mut |site| each(&site, way));
        }
    }

    /// The report of the findings on one text, with how many more there are of each.
    fn report(&self, compared: &[(Compared, usize)], all: &[Placed], reader: &mut Reader<'_>) -> Option<Reported> {
        let (input, claim) = &all[compared.first()?.0.here];
        let bytes = reader.read(&(*input, *claim))?;
        let text = placed(&bytes, claim.place);
        let here_documents = documents(&text.text);
        let finisher = Finisher::new(&text, self.session.linter.levels());
        let there = |(one, _): &(Compared, usize)| text_of(&all[one.there.start]);
        let mut compared = compared.to_vec();
        compared.sort_by_key(there);
        let (mut findings, mut others) = (Vec::new(), Vec::new());
        for compared in compared.chunk_by(|one, other| there(one) == there(other)) {
            others.extend(self.find(compared, all, (&here_documents, &finisher), reader, &mut findings));
        }
        findings.sort_by(|one, other| one.order().cmp(&other.order()));
        let path = self.inputs[*input].name();
        let filter = self.session.filter(&path);
        filter.report(&mut findings);
        filter.close();
        if findings.is_empty() {
            return None;
        }
        let secrets = secret::spans(&text.text, &here_documents);
        let linted = Linted { findings, secrets, checked: 0, skipped: 0, claims: Vec::new() };
        let others: Vec<Source<'_>> = others.iter().map(Other::source).collect();
        let mut summary = Summary::default();
        summary.count(&linted);
        let fragments = self.session.fragments(&Source { others: &others, ..Source::new(&path, &text, &linted) });
        Some(Reported { path, fragments, summary })
    }

    /// The findings on one text compared with one other, which is returned.
    fn find(
        &self,
        compared: &[(Compared, usize)],
        all: &[Placed],
        (here_documents, finisher): (&[Document<'_>], &Finisher<'_>),
        reader: &mut Reader<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<Other> {
        let (input, Claim { place, .. }) = all[compared.first()?.0.there.start];
        let bytes = reader.read(&all[compared.first()?.0.there.start])?;
        let text = placed(&bytes, place);
        let there_documents = documents(&text.text);
        let there_finisher = Finisher::new(&text, self.session.linter.levels());
        let path = self.inputs[input].name();
        for (one, more) in compared {
            let (here, there) = (&all[one.here].1, &all[one.there.start].1);
            let sides = (here_documents, here, &there_documents[..], there);
            let Some(Contradiction { mut fault, there: marks }) = self.contradiction(one.pair, sides) else {
                continue;
            };
            if *more > 0 {
                let documents = if *more == 1 { "document disagrees" } else { "documents disagree" };
                write!(fault.message, "; {more} more {documents}").expect("a String takes all");
            }
            let document_of = |claim: &Claim| claim.document - claim.place.origin.documents;
            let there_document = &there_documents[document_of(there)];
            let labels: Vec<Label> =
                marks.into_iter().map(|mark| there_finisher.elsewhere(mark, there_document, &path)).collect();
            let here_document = &here_documents[document_of(here)];
            findings.extend(finisher.with_labels(fault, here_document, here.document, labels));
        }
        let secrets = secret::spans(&text.text, &there_documents);
        Some(Other { path, text: text.text.into_owned(), origin: text.origin, secrets })
    }
}

/// Takes a site and the way to its document.
type Visit<'v> = &'v mut dyn FnMut(&Site<'_>, &[Step<'_>]);

/// A step on the way from a document of a text into one that a string of it holds.
#[derive(Clone)]
struct Step<'s> {
    /// The string.
    literal: Literal,
    /// What it holds.
    inner: &'s Document<'s>,
}

fn same_text(all: &[Placed], one: &Compared, other: &Compared) -> bool {
    text_of(&all[one.here]) == text_of(&all[other.here])
}

/// The text of bytes that were read from a place.
fn placed(bytes: &[u8], place: Place) -> Text<'_> {
    // The place is that of the text, after a byte order mark.
    let text = Text::decode_at(bytes, place.origin, Joint::Sound);
    Text { origin: place.origin, ..text }
}

/// A text that findings on another one point to.
struct Other {
    path: String,
    text: String,
    origin: Origin,
    secrets: Vec<Span>,
}

impl Other {
    fn source(&self) -> Source<'_> {
        let Other { path, text, origin, secrets } = self;
        Source { path, text, origin: *origin, findings: &[], secrets, others: &[] }
    }
}

/// The comparisons that are worth reporting: the first few for each rule and key, the last of them with how
/// many more there are.
fn shortened(found: impl Iterator<Item = Compared>, all: &[Placed]) -> Vec<(Compared, usize)> {
    let subject = |one: &Compared| (one.pair.rule.name, all[one.here].1.key);
    let mut met: HashMap<(&str, u64), (usize, usize)> = HashMap::new();
    let mut kept: Vec<(Compared, usize)> = Vec::new();
    for one in found {
        let (count, last) = met.entry(subject(&one)).or_default();
        *count += 1;
        if *count > MOST_REPORTED {
            kept[*last].1 += 1;
        } else {
            *last = kept.len();
            kept.push((one, 0));
        }
    }
    let is_of_one_side = |one: &Compared| one.pair.between.here() == one.pair.between.there();
    kept.retain(|(one, _)| is_of_one_side(one) || met[&subject(one)].0 <= MOST_REPORTED);
    kept
}
