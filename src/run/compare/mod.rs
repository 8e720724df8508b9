//! Rules across documents: where two claims speak of the same thing, both documents are read again and
//! held against each other. Knows no rule's logic.

mod reader;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

use jsonc_parser::common::Ranged;
use rayon::prelude::*;

use crate::document::secret;
use crate::document::split::{Part, parts};
use crate::document::{Document, Text};
use crate::finding::{Elsewhere, Finding, Label, Span};
use crate::lint::claims::{Claim, Claims, Place, Placed};
use crate::lint::linter::Linted;
use crate::recognise::payload::{Embedded, recognise};
use crate::report::{File, Lines, Summary};
use crate::rule::pair::{Contrast, Pairing, Side, Site, sites};
use crate::rules::PAIRINGS;
use crate::run::compare::reader::Reader;
use crate::run::input::Input;
use crate::run::session::Run;
use crate::text::literal::Literal;

/// How many others a document is held against for one rule and key. It is reported where it
/// contradicts each of them: several captures of one thing may be of different times.
const MOST_OTHERS: usize = 8;
/// How many documents are reported for one rule and key. What more documents contradict than that is
/// made up and shared by the fixtures of a folder: only captures of one thing are still told, in part.
const MOST_REPORTED: usize = 3;
/// How many texts are checked before their reports are printed.
const BLOCK: usize = 256;

/// What holding documents against each other needs to know.
#[derive(Debug)]
pub struct Across<'r> {
    /// The rules, the reports and what is left out of them.
    pub run: &'r Run<'r>,
    /// The inputs of the run.
    pub inputs: &'r [Input],
}

/// Takes a file's name, a part for each report and what they count.
pub type Print<'p> = &'p mut dyn FnMut(&str, &[String], &Summary) -> io::Result<()>;

/// What there is to report on a text.
struct Told {
    path: String,
    parts: Vec<String>,
    summary: Summary,
}

/// A claim that a rule holds against others, by their indices.
#[derive(Debug, Clone)]
struct Pair {
    pairing: &'static Pairing,
    here: usize,
    there: Range<usize>,
}

/// A text of the run that a claim is in.
fn text_of((input, claim): &Placed) -> (usize, Place) {
    (*input, claim.place)
}

impl Across<'_> {
    /// Holds the claims against each other and hands on the reports, in the order of the documents
    /// that they are about. Returns whether some were left out because there is too much to read again.
    ///
    /// # Errors
    ///
    /// What the function comes to.
    pub fn run(&self, claims: Claims, print: Print<'_>) -> io::Result<bool> {
        let Claims { mut all, kept, is_cut, .. } = claims;
        let is_cut = AtomicBool::new(is_cut);
        let reader = || Reader::new(self.inputs, &kept, &is_cut);
        all.sort_unstable_by_key(|(input, claim)| (claim.key, claim.side, *input, *claim));
        let mut pairs = self.pairs(&all);
        pairs.sort_by_key(|pair| (text_of(&all[pair.here]), all[pair.here]));
        let found: Vec<bool> = {
            let check = |reader: &mut Reader<'_>, pairs: &[Pair]| self.contradictions(pairs, &all, reader);
            let texts: Vec<&[Pair]> = pairs.chunk_by(|one, other| same_text(&all, one, other)).collect();
            texts.into_par_iter().map_init(reader, check).flatten_iter().collect()
        };
        let found = shortened(pairs.into_iter().zip(found).filter(|(_, found)| *found).map(|(pair, _)| pair), &all);
        let texts: Vec<&[(Pair, usize)]> = found.chunk_by(|one, other| same_text(&all, &one.0, &other.0)).collect();
        for block in texts.chunks(BLOCK) {
            let tell = |reader: &mut Reader<'_>, pairs: &&[(Pair, usize)]| self.tell(pairs, &all, reader);
            let told: Vec<_> = block.par_iter().map_init(reader, tell).collect();
            told.iter().flatten().try_for_each(|Told { path, parts, summary }| print(path, parts, summary))?;
        }
        Ok(is_cut.into_inner())
    }

    /// Which claims are to be held against which.
    fn pairs(&self, all: &[Placed]) -> Vec<Pair> {
        let mut pairs = Vec::new();
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
            for pairing in PAIRINGS.iter().filter(|pairing| self.run.linter.runs(pairing.rule.name)) {
                let (here, there) = (of(pairing.here), of(pairing.there));
                // The last page of several looks like a whole list.
                let is_paged = pairing.here == Side::Steps && !of(Side::StepsPage).is_empty();
                if there.is_empty() || is_paged {
                    continue;
                }
                let (here, there) = if pairing.here == pairing.there {
                    (here.start + 1..here.end, there.start..there.start + 1)
                } else {
                    (here, there.start..there.end.min(there.start + MOST_OTHERS))
                };
                pairs.extend(here.map(|here| Pair { pairing, here, there: there.clone() }));
            }
        }
        pairs
    }

    /// Whether each pair is a contradiction; all of them are about one text.
    fn contradictions(&self, pairs: &[Pair], all: &[Placed], reader: &mut Reader<'_>) -> Vec<bool> {
        let here = &all[pairs[0].here];
        let Some(text) = reader.read(here) else {
            return vec![false; pairs.len()];
        };
        let text = Text::decode(&text);
        let here_parts = parts(&text.text);
        let mut held: Vec<(usize, usize)> = pairs
            .iter()
            .enumerate()
            .flat_map(|(index, pair)| pair.there.clone().map(move |there| (index, there)))
            .collect();
        held.sort_by_key(|(_, there)| text_of(&all[*there]));
        let mut found = vec![true; pairs.len()];
        for held in held.chunk_by(|(_, one), (_, other)| text_of(&all[*one]) == text_of(&all[*other])) {
            let text = reader.read(&all[held[0].1]).unwrap_or_default();
            let text = Text::decode(&text);
            let there_parts = parts(&text.text);
            for (index, there) in held {
                let Pair { pairing, here, .. } = &pairs[*index];
                let sides = (&here_parts[..], &all[*here].1, &there_parts[..], &all[*there].1);
                found[*index] = found[*index] && self.contradiction(pairing, sides).is_some();
            }
        }
        found
    }

    /// The finding on a claim, with its places in its text, and the labels on the other claim.
    fn contradiction(
        &self,
        pairing: &'static Pairing,
        (here_parts, here, there_parts, there): (&[Part<'_>], &Claim, &[Part<'_>], &Claim),
    ) -> Option<(Finding, Vec<Label>)> {
        let mut found = None;
        self.visit(here_parts, here, &mut |here, here_way| {
            self.visit(there_parts, there, &mut |there, there_way| {
                if here.key != there.key {
                    return;
                }
                let mut contrast = Contrast::new(pairing.rule);
                (pairing.check)(here.node, there.node, &mut contrast);
                let Some((mut finding, mut labels)) = contrast.into_finding() else {
                    return;
                };
                for label in finding.labels_mut() {
                    here_way.bring_out(label);
                }
                for label in &mut labels {
                    there_way.bring_out(label);
                }
                found = Some((finding, labels));
            });
        });
        found
    }

    /// Calls a function for the site of a claim, if it is still there.
    fn visit(&self, parts: &[Part<'_>], claim: &Claim, each: &mut dyn FnMut(&Site<'_>, &Way<'_>)) {
        let Some(part) = parts.get(claim.document - claim.place.first) else {
            return;
        };
        let mut site = 0;
        self.descend(&Way { document: &part.document, outer: Outer::Text(part.offset) }, &mut |found, way| {
            if site == claim.site && found.side == claim.side {
                each(found, way);
            }
            site += 1;
        });
    }

    /// Calls a function for every site of a document, in the order in which `Linter::lint` notes them.
    fn descend(&self, way: &Way<'_>, each: &mut dyn FnMut(&Site<'_>, &Way<'_>)) {
        // Misspelt members were met before, or not; to look for them costs little here.
        way.document.misspelt.set(true);
        let contents = recognise(way.document, self.run.linter.forced());
        for Embedded { holder, .. } in &contents.embedded {
            let Some(string) = holder.as_string_lit() else {
                continue;
            };
            let inner = Document::parse(&string.value);
            let literal = Literal::new(way.document.text, holder.range().into());
            self.descend(&Way { document: &inner, outer: Outer::String(literal, way) }, each);
        }
        for payload in &contents.payloads {
            sites(payload.root(way.document), &mut |site| each(&site, way));
        }
    }

    /// The report of the findings on one text, with how many more there are of each.
    fn tell(&self, pairs: &[(Pair, usize)], all: &[Placed], reader: &mut Reader<'_>) -> Option<Told> {
        let (input, claim) = &all[pairs.first()?.0.here];
        let bytes = reader.read(&(*input, *claim))?;
        let text = placed(&bytes, claim.place);
        let here_parts = parts(&text.text);
        let there = |(pair, _): &(Pair, usize)| text_of(&all[pair.there.start]);
        let mut pairs = pairs.to_vec();
        pairs.sort_by_key(there);
        let (mut findings, mut others) = (Vec::new(), Vec::new());
        for pairs in pairs.chunk_by(|one, other| there(one) == there(other)) {
            others.extend(self.find(pairs, all, &here_parts, reader, &mut findings));
        }
        self.run.linter.level(&mut findings);
        findings.sort_by_key(|finding| (finding.primary.span, finding.rule));
        let path = self.inputs[*input].name();
        let filter = self.run.filter(&path);
        filter.report(&mut findings);
        filter.close();
        if findings.is_empty() {
            return None;
        }
        let linted = Linted { findings, secrets: secret::spans(&text.text, &here_parts), ..Linted::default() };
        let others: Vec<File<'_>> = others.iter().map(Other::file).collect();
        let mut summary = Summary::default();
        summary.count(&linted);
        let parts = self.run.parts(&File { others: &others, ..File::new(&path, &text, &linted) });
        Some(Told { path, parts, summary })
    }

    /// The findings on one text held against one other, which is returned.
    fn find(
        &self,
        pairs: &[(Pair, usize)],
        all: &[Placed],
        here_parts: &[Part<'_>],
        reader: &mut Reader<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<Other> {
        let (input, Claim { place, .. }) = all[pairs.first()?.0.there.start];
        let bytes = reader.read(&all[pairs.first()?.0.there.start])?;
        let text = placed(&bytes, place);
        let there_parts = parts(&text.text);
        let path = self.inputs[input].name();
        let lines = Lines::new(&text.text, text.before);
        for (pair, more) in pairs {
            let (here, there) = (&all[pair.here].1, &all[pair.there.start].1);
            let sides = (here_parts, here, &there_parts[..], there);
            let Some((mut finding, labels)) = self.contradiction(pair.pairing, sides) else {
                continue;
            };
            finding.document = here.document;
            if *more > 0 {
                let documents = if *more == 1 { "document disagrees" } else { "documents disagree" };
                write!(finding.message, "; {more} more {documents}").expect("a String takes all");
            }
            let elsewhere = |label| elsewhere(label, &path, &lines, text.base, there.document);
            finding.elsewhere.extend(labels.into_iter().map(elsewhere));
            findings.push(finding);
        }
        let secrets = secret::spans(&text.text, &there_parts);
        Some(Other { path, text: text.text.into_owned(), place, secrets })
    }
}

fn same_text(all: &[Placed], one: &Pair, other: &Pair) -> bool {
    text_of(&all[one.here]) == text_of(&all[other.here])
}

/// The text of bytes that were read from a place.
fn placed(bytes: &[u8], place: Place) -> Text<'_> {
    let mut text = Text::decode(bytes);
    text.base = place.offset;
    text.before = place.before;
    text
}

/// A text that findings on another one point to.
struct Other {
    path: String,
    text: String,
    place: Place,
    secrets: Vec<Span>,
}

impl Other {
    fn file(&self) -> File<'_> {
        let Other { path, text, place: Place { offset, before, .. }, secrets } = self;
        File { path, text, base: *offset, before: *before, findings: &[], secrets, others: &[] }
    }
}

/// A label on a text of another file, which starts at an offset.
fn elsewhere(label: Label, path: &str, lines: &Lines<'_>, base: usize, document: usize) -> Elsewhere {
    let Label { span, text, pointer, embedded } = label;
    let (start, end) = (lines.position(span.start), lines.position(span.end));
    Elsewhere { path: path.to_owned(), span: span.shifted(base), start, end, document, pointer, embedded, text }
}

/// The pairs that are worth reporting: the first few for each rule and key, the last of them with how
/// many more there are.
fn shortened(found: impl Iterator<Item = Pair>, all: &[Placed]) -> Vec<(Pair, usize)> {
    let subject = |pair: &Pair| (pair.pairing.rule.name, all[pair.here].1.key);
    let mut met: HashMap<(&str, u64), (usize, usize)> = HashMap::new();
    let mut kept: Vec<(Pair, usize)> = Vec::new();
    for pair in found {
        let (count, last) = met.entry(subject(&pair)).or_default();
        *count += 1;
        if *count > MOST_REPORTED {
            kept[*last].1 += 1;
        } else {
            *last = kept.len();
            kept.push((pair, 0));
        }
    }
    kept.retain(|(pair, _)| pair.pairing.here == pair.pairing.there || met[&subject(pair)].0 <= MOST_REPORTED);
    kept
}

/// The way from a document out to its file.
struct Way<'w> {
    document: &'w Document<'w>,
    outer: Outer<'w>,
}

enum Outer<'w> {
    /// A text, and how many bytes of it come before the document.
    Text(usize),
    /// A string of another document.
    String(Literal, &'w Way<'w>),
}

impl Way<'_> {
    /// Turns a label on the document into one on the text.
    fn bring_out(&self, label: &mut Label) {
        let pointer = self.document.pointer(label.span);
        match &self.outer {
            Outer::Text(offset) => {
                label.pointer = pointer;
                label.span = label.span.shifted(*offset);
            }
            Outer::String(literal, way) => {
                label.embedded = Some(pointer + &label.embedded.take().unwrap_or_default());
                label.span = literal.place(label.span);
                way.bring_out(label);
            }
        }
    }
}
