//! Whole JSON in a text that is not JSON alone: in Markdown, between shell prompts, in a log, with colour codes. The
//! JSON is read where it stands, so that its spans are those of the text.

mod quotes;
mod rows;
mod stretch;
mod table;

use std::ops::Range;

use crate::document::rules::SYNTAX;
use crate::document::{Document, notation};
use crate::finding::fault::Fault;
use crate::finding::fix::{Edit, Fix, Safety};
use crate::text::quote::counted;
use crate::text::span::Span;

pub(super) use table::WRAPPINGS;

use rows::{COMMAS, Rows};
use stretch::{Stretches, closing, wrapping_line};
use table::{Place, Wrapping};

/// How many further places of a wrapping are labelled.
const MOST_LABELS: usize = 3;

/// A text with whole JSON in it, and what else it holds.
#[derive(Debug)]
pub(crate) struct Wrapped {
    /// The text with spaces in the place of all that is not JSON, so that offsets and lines stay what they are.
    blanked: String,
    /// Where in it the JSON stands.
    stretches: Vec<Range<usize>>,
    fault: Fault,
    /// What an edit must not insert, since it means something to what stands around the JSON.
    refused: &'static [char],
}

/// A line break would need the prefix that the other lines have.
const LINE_BREAKS: &[char] = &['\n'];

impl Wrapped {
    /// Finds the JSON in a text that is not JSON as a whole; none if nothing tells what else the text is, and where
    /// the JSON in it ends.
    pub(super) fn of(text: &str) -> Option<Self> {
        Self::with_foreign_quotes(text).or_else(|| Self::with_text_around(text)).or_else(|| Self::in_rows(text))
    }

    /// A text with other text before, between, or after its JSON.
    fn with_text_around(text: &str) -> Option<Self> {
        if is_cut_off_object(text) {
            return None;
        }
        let (peeled, layers) = peel(text)?;
        let Stretches { whole, broken, mut lines } = Stretches::of(&peeled, !layers.is_empty());
        let outer = &|place: &[Place]| lines.iter().any(|(wrapping, _)| place.contains(&wrapping.place));
        let is_delimited = !layers.is_empty() || outer(&[Place::Fences, Place::OwnLines]);
        // What is broken in JSON may look like a text around it.
        let is_sure = is_delimited || (broken.is_empty() && !whole.is_empty());
        if !is_sure || whole.is_empty() && broken.is_empty() {
            return None;
        }
        let mut stretches = [whole, broken].concat();
        stretches.sort_unstable_by_key(|stretch| stretch.start);
        let outside = outside(&peeled, &stretches);
        // A prompt may follow on the line on which the JSON ends.
        let after_json = outside.iter().filter(|piece| !peeled[..piece.start].ends_with('\n'));
        lines.extend(after_json.filter_map(|piece| wrapping_line(piece.start, &peeled[piece.range()])));
        if lines.is_empty() && outside.iter().any(|piece| peeled[piece.range()].starts_with(JSON_STARTS)) {
            return None;
        }
        let blanked = blank(peeled, &gaps(&stretches, text.len()))?;
        let refused = if layers.is_empty() { &[][..] } else { LINE_BREAKS };
        let fault = fault_of_wrappings(text, &layers, &lines, &outside, stretches.len());
        Some(Wrapped { blanked, stretches, fault, refused })
    }

    /// A text of lines with the same around the JSON on each.
    fn in_rows(text: &str) -> Option<Self> {
        let Rows { text: plain, stretches, frame } = Rows::of(text)?;
        let blanked = blank(plain, &gaps(&stretches, text.len()))?;
        let places = outside(text, &stretches);
        let count = stretches.len();
        let what =
            format!("{} its {}", frame.what, if count == 1 { "JSON".to_owned() } else { counted(count, "document") });
        let mut fault = fault(text, &what, frame.help, &places);
        if std::ptr::eq(frame, &raw const COMMAS) {
            fault.fix(without(&places));
        }
        Some(Wrapped { blanked, stretches, fault, refused: frame.refused })
    }

    /// A text whose quotes are escaped or HTML entities, if it is JSON with quotes in their place.
    fn with_foreign_quotes(text: &str) -> Option<Self> {
        let blanked = quotes::with_plain_quotes(text)?;
        Document::parse(&blanked).root()?;
        let fault = notation::fault(text)?;
        let all = 0..blanked.len();
        Some(Wrapped { stretches: Vec::from([all]), blanked, fault, refused: &['\n', '"', '\\'] })
    }

    /// The documents, at least one.
    pub(super) fn documents(&self) -> Vec<Document<'_>> {
        let parse = |stretch: &Range<usize>| {
            let document = Document::parse_at(&self.blanked[stretch.clone()], stretch.start);
            document.into_items().unwrap_or_else(|document| vec![document])
        };
        self.stretches.iter().flat_map(parse).collect()
    }

    /// The fault of the text: that it is not JSON alone.
    pub(super) fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Whether an edit leaves what stands beside the JSON as it is. `text` is the text around the JSON.
    pub(crate) fn allows(&self, text: &str, edit: &Edit) -> bool {
        let bytes = |text: &str| text.as_bytes().get(edit.span.range()).map(<[u8]>::to_vec);
        bytes(text) == bytes(&self.blanked) && !edit.text.contains(self.refused)
    }
}

/// Whether a text is an object that is cut off, by far the most frequent of broken captures.
fn is_cut_off_object(text: &str) -> bool {
    const CODES: [&str; 5] = ["\u{1b}", "^[", "\\033[", "\\e[", "␛"];
    let start = text.len() - text.trim_start().len();
    let has_codes = || CODES.iter().any(|code| text.contains(code));
    text[start..].starts_with('{') && !has_codes() && closing(text, start..text.len()).is_none()
}

/// What a text beside JSON does not start with: where something does, the JSON itself is broken.
const JSON_STARTS: [char; 8] = ['{', '}', '[', ']', '"', '\'', ',', ':'];

/// A wrapping and where it was found first.
type Found = (&'static Wrapping, Span);

/// The text without the wrappings that stand between tokens and before lines, and these. None if one stands in a
/// string: what the string held before is not known.
fn peel(text: &str) -> Option<(String, Vec<Found>)> {
    let mut peeled = text.to_owned();
    let mut found = Vec::new();
    for wrapping in WRAPPINGS.iter().filter(|wrapping| wrapping.is_interleaved()) {
        let spans = match wrapping.place {
            Place::Tokens => between_tokens(&peeled, wrapping)?,
            _ => before_lines(&peeled, wrapping),
        };
        let Some(first) = spans.first() else { continue };
        found.push((wrapping, *first));
        peeled = blank(peeled, &spans)?;
    }
    Some((peeled, found))
}

/// Where a wrapping stands between tokens; none if it stands in a string.
fn between_tokens(text: &str, wrapping: &Wrapping) -> Option<Vec<Span>> {
    let mut spans = Vec::new();
    let (mut at, mut in_string) = (0, false);
    for found in wrapping.pattern.find_iter(text) {
        in_string = ends_in_string(&text[at..found.start()], in_string);
        if in_string {
            return None;
        }
        at = found.end();
        spans.push(found.range().into());
    }
    Some(spans)
}

/// Whether a string is open at the end of a text. A string ends at the end of its line at the latest.
fn ends_in_string(text: &str, in_string: bool) -> bool {
    let (mut in_string, mut escaped) = (in_string, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b'\n' => in_string = false,
            _ => {}
        }
    }
    in_string
}

/// Where a wrapping stands at the start of lines, if it does on most of them.
fn before_lines(text: &str, wrapping: &Wrapping) -> Vec<Span> {
    let (mut spans, mut count, mut number) = (Vec::new(), 0, None);
    for (start, line) in lines(text).filter(|(_, line)| !line.trim().is_empty()) {
        count += 1;
        let Some(captures) = wrapping.pattern.captures(line) else { continue };
        let Some(prefix) = captures.get(0).filter(|prefix| !prefix.is_empty()) else { continue };
        if wrapping.place == Place::LineNumbers {
            let own = captures.get(1).and_then(|number| number.as_str().parse::<usize>().ok());
            if number.is_some_and(|before: usize| own != before.checked_add(1)) {
                return Vec::new();
            }
            number = own;
        }
        spans.push(Span::from(prefix.range()).shifted(start));
    }
    if 2 * spans.len() >= count { spans } else { Vec::new() }
}

/// The lines of a text without their line breaks, and where they start.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let own = start;
        start += line.len();
        (own, line.trim_end_matches(['\n', '\r']))
    })
}

/// The text with spaces in the place of spans, which start and end at characters. Line feeds stay.
fn blank(text: String, spans: &[Span]) -> Option<String> {
    let mut bytes = text.into_bytes();
    for span in spans {
        bytes.get_mut(span.range())?.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    }
    String::from_utf8(bytes).ok()
}

/// What lies between stretches.
fn gaps(stretches: &[Range<usize>], end: usize) -> Vec<Span> {
    let starts = std::iter::once(0).chain(stretches.iter().map(|stretch| stretch.end));
    let ends = stretches.iter().map(|stretch| stretch.start).chain([end]);
    starts.zip(ends).map(|(start, end)| Span::new(start, end)).collect()
}

/// The first line of each text that lies between stretches.
fn outside(text: &str, stretches: &[Range<usize>]) -> Vec<Span> {
    let first_line = |gap: Span| {
        let gap_text = &text[gap.range()];
        let start = gap.start + gap_text.len() - gap_text.trim_start().len();
        let line = text[start..gap.end].lines().next().unwrap_or_default().trim_end();
        (!line.is_empty()).then(|| Span::new(start, start + line.len()))
    };
    gaps(stretches, text.len()).into_iter().filter_map(first_line).collect()
}

/// The fault of a text with wrappings between tokens or before lines, of lines, and of pieces around the JSON.
fn fault_of_wrappings(text: &str, layers: &[Found], lines: &[Found], outside: &[Span], documents: usize) -> Fault {
    let mut kinds: Vec<&'static Wrapping> = Vec::new();
    for (wrapping, _) in layers.iter().chain(lines) {
        if !kinds.iter().any(|kind| std::ptr::eq(*kind, *wrapping)) {
            kinds.push(wrapping);
        }
    }
    let mut places: Vec<Span> = layers.iter().map(|(_, span)| *span).chain(outside.iter().copied()).collect();
    places.sort_unstable();
    let whats: Vec<&str> = kinds.iter().map(|kind| kind.what).collect();
    let what = match &whats[..] {
        [] => "other text".to_owned(),
        [one] => (*one).to_owned(),
        [several @ .., last] => format!("{} and {last}", several.join(", ")),
    };
    let beside = if documents == 1 { "JSON".to_owned() } else { counted(documents, "document") };
    let help = kinds.first().map_or("store the JSON alone, without the text around it", |kind| kind.help);
    fault(text, &format!("{what} beside its {beside}"), help, &places)
}

/// The fault of a text that holds something at these places.
fn fault(text: &str, what: &str, help: &'static str, places: &[Span]) -> Fault {
    let first = places.first().copied().unwrap_or(Span::new(0, 0));
    let mut fault = Fault::new(&SYNTAX, on_one_line(text, first), format!("the text holds {what}"));
    for place in places.iter().skip(1).take(MOST_LABELS) {
        fault.label(on_one_line(text, *place), "and here");
    }
    fault.help(help);
    fault
}

/// The fix that removes commas.
fn without(commas: &[Span]) -> Fix {
    let edits = commas.iter().map(|comma| Edit { span: *comma, text: String::new() }).collect();
    Fix { safety: Safety::Safe, title: "remove the commas between documents".into(), edits }
}

/// The span up to the end of its first line.
fn on_one_line(text: &str, span: Span) -> Span {
    let line = text[span.range()].lines().next().unwrap_or_default();
    Span::new(span.start, span.start + line.len())
}
