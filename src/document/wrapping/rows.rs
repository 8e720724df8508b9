//! Documents on lines of their own with the same around each: quotes, other fields of a table, a comma.

use std::ops::Range;

use crate::document::Document;
use crate::document::wrapping::stretch::{closing, is_readable};
use crate::document::wrapping::{lines, quotes};

/// What stands around each document.
#[derive(Debug)]
pub(super) struct Frame {
    /// What it is, as in "the text holds … its 3 documents".
    pub(super) what: &'static str,
    /// How to get the documents without it.
    pub(super) help: &'static str,
    /// What an edit must not insert.
    pub(super) refused: &'static [char],
}

/// The rows of a text.
#[derive(Debug)]
pub(super) struct Rows {
    /// The text, in which the JSON has plain quotes.
    pub(super) text: String,
    /// Where the JSON stands.
    pub(super) stretches: Vec<Range<usize>>,
    /// What is around it.
    pub(super) frame: &'static Frame,
}

/// Commas between documents.
pub(super) static COMMAS: Frame = Frame {
    what: "commas between",
    help: "remove the commas, or write `[` before the first document and `]` after the last",
    refused: &[],
};

static QUOTES: Frame = Frame {
    what: "single quotes around",
    help: "store the JSON without the quotes around it: a shell removes those of its arguments, a file keeps them",
    refused: &['\n', '\''],
};

static TABS: Frame = Frame {
    what: "fields with tabs between them beside",
    help: "store the field alone that holds the JSON, as with `cut -f 2`",
    refused: &['\n', '\t'],
};

static CSV: Frame = Frame {
    what: "fields of CSV beside",
    help: "store the field alone that holds the JSON; a reader of CSV takes the doubled quotes out of it",
    refused: &['\n', '"', '\\'],
};

static OTHERS: Frame = Frame {
    what: "other text on the lines of",
    help: "store the JSON alone, without what stands beside it on its lines",
    refused: &['\n'],
};

impl Rows {
    /// The rows of a text that is no JSON; none if it has no such rows.
    pub(super) fn of(text: &str) -> Option<Self> {
        of_csv(text).or_else(|| of_lines(text)).or_else(|| between_commas(text))
    }
}

/// A line with JSON in it.
struct Row<'t> {
    before: &'t str,
    after: &'t str,
    json: Range<usize>,
}

impl<'t> Row<'t> {
    /// The row on a line that starts at an offset.
    fn of(start: usize, line: &'t str) -> Option<Self> {
        const MOST_BRACKETS: usize = 8;
        let brackets = memchr::memchr2_iter(b'{', b'[', line.as_bytes()).take(MOST_BRACKETS);
        let mut whole = brackets.filter_map(|at| Some(at..closing(line, at..line.len())?));
        let json = whole.find(|json| is_readable(Document::parse(&line[json.clone()]).root()))?;
        let (before, after) = (&line[..json.start], &line[json.end..]);
        Some(Row { before, after, json: start + json.start..start + json.end })
    }

    /// What is around the JSON; none if nothing is, or if it looks like more JSON.
    fn frame(&self) -> Option<&'static Frame> {
        let (before, after) = (self.before.trim_start_matches(' '), self.after.trim_end());
        match (before, after.trim_start()) {
            ("", "") => None,
            ("", ",") => Some(&COMMAS),
            ("'", after) if after.starts_with('\'') => Some(&QUOTES),
            _ if [before, after].iter().any(|text| text.contains('\t')) => Some(&TABS),
            ("", _) => None,
            _ => Some(&OTHERS).filter(|_| !before.starts_with(['{', '}', '[', ']', '"', '\'', ',', ':'])),
        }
    }
}

fn of_lines(text: &str) -> Option<Rows> {
    let written: Vec<_> = lines(text).filter(|(_, line)| !line.trim().is_empty()).collect();
    let rows: Vec<_> = written.iter().map(|(start, line)| Row::of(*start, line)).collect();
    let (_, first) = written.first()?;
    if rows.first()?.is_none() && first.contains(['{', '[']) && !first.trim_start().starts_with('\'') {
        return None;
    }
    // That is an array which does not end.
    if rows.first()?.as_ref().is_some_and(|row| row.before.trim_start().starts_with('[')) {
        return None;
    }
    // The first line may have the names of columns.
    let frame = rows.iter().take(2).flatten().find_map(Row::frame)?;
    let count = rows.iter().flatten().count();
    let is_enough = count >= 2 || (count == 1 && std::ptr::eq(frame, &raw const QUOTES));
    if !is_enough || 2 * count < written.len() {
        return None;
    }
    let has_commas = std::ptr::eq(frame, &raw const COMMAS);
    let mut stretches = Vec::new();
    for ((start, line), row) in written.into_iter().zip(rows) {
        let trimmed = line.trim_end().trim_end_matches(',');
        match (row, line.find('{')) {
            (Some(row), _) => stretches.push(row.json),
            (None, Some(at)) => stretches.push(start + at..start + trimmed.len().max(at + 1)),
            (None, None) if has_commas => return None,
            (None, None) => {}
        }
    }
    let is_document = |stretch: &Range<usize>| text[..stretch.start].trim_end_matches(' ').ends_with(['\n', '\r']);
    let are_documents = || stretches.iter().skip(1).all(is_document);
    (!has_commas || are_documents()).then(|| Rows { text: text.to_owned(), stretches, frame })
}

/// Objects with commas between them and nothing else, each on as many lines as it likes.
fn between_commas(text: &str) -> Option<Rows> {
    let mut stretches = Vec::new();
    let mut at = 0;
    loop {
        let start = at + (text[at..].len() - text[at..].trim_start().len());
        if start == text.len() {
            break;
        }
        let end = Some(start).filter(|start| text[*start..].starts_with('{'));
        let end = end.and_then(|start| closing(text, start..text.len()))?;
        stretches.push(start..end);
        let rest = text[end..].trim_start();
        at = text.len() - rest.strip_prefix(',').unwrap_or(rest).len();
    }
    let has_comma = || text[stretches[0].end..].trim_start().starts_with(',');
    let are_whole = || stretches.iter().all(|range| is_readable(Document::parse(&text[range.clone()]).root()));
    let is_list = stretches.len() >= 2 && has_comma() && are_whole();
    is_list.then(|| Rows { text: text.to_owned(), stretches, frame: &COMMAS })
}

/// The JSON in quoted fields, in which quotes are doubled or escaped.
fn of_csv(text: &str) -> Option<Rows> {
    if text.trim_start().starts_with(['{', '[']) || !["\"{", "\"["].iter().any(|start| text.contains(start)) {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    let mut stretches = Vec::new();
    for field in quoted_fields(text) {
        let content = &text[field.clone()];
        let written = content
            .trim_start()
            .starts_with(['{', '['])
            .then(|| quotes::with_plain_quotes(content).unwrap_or_else(|| quotes::with_undoubled_quotes(content)));
        if let Some(written) = written {
            plain.push_str(&text[plain.len()..field.start]);
            plain.push_str(&written);
            stretches.push(field);
        }
    }
    plain.push_str(&text[plain.len()..]);
    let is_whole = |range: &Range<usize>| is_readable(Document::parse(&plain[range.clone()]).root());
    let is_csv = stretches.iter().take(2).any(is_whole);
    is_csv.then_some(Rows { text: plain, stretches, frame: &CSV })
}

/// The insides of the quoted fields of CSV.
fn quoted_fields(text: &str) -> impl Iterator<Item = Range<usize>> {
    const ENDS: [char; 6] = [',', ';', '\t', '|', '\n', '\r'];
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
            if let Some(inside) = rest.strip_prefix('"') {
                let start = at + 1;
                let end = start + field_end(inside)?;
                at = end + 1;
                return Some(start..end);
            }
            at += rest.find(ENDS).map_or(rest.len(), |end| end + 1);
        }
    })
}

/// Where a quoted field ends.
fn field_end(inside: &str) -> Option<usize> {
    let bytes = inside.as_bytes();
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        match (bytes[at], bytes.get(at + 1)) {
            // A backslash before two quotes belongs to the JSON.
            (b'\\', Some(b'"')) if bytes.get(at + 2) == Some(&b'"') => at += 3,
            (b'\\', _) | (b'"', Some(b'"')) => at += 2,
            _ => return Some(at),
        }
    }
}
