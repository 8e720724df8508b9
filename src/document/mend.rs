//! The fix for slips that leave no doubt what was meant: trailing commas, comments, typographic quotes around strings,
//! and white space between tokens that JSON does not know. It mends all of them, or there is none.

use std::ops::Range;

use crate::document::parser::Grammar;
use crate::document::tape::Tape;
use crate::finding::fix::{Edit, Fix, Safety};
use crate::text::span::Span;

/// The fix after which a text is JSON; none if there is more wrong with it than such slips. No value changes.
pub(super) fn fix(text: &str) -> Option<Fix> {
    let mut mender = Mender { text, at: 0, before: None, comma: None, edits: Vec::new(), slips: [0; 5] };
    while mender.at < text.len() {
        mender.token()?;
    }
    let Mender { edits, slips, .. } = mender;
    let safety = if slips[Slip::Comment as usize] > 0 { Safety::Unsafe } else { Safety::Safe };
    let fix = Fix { safety, title: title(slips).into(), edits };
    let is_json = !fix.edits.is_empty() && Tape::parse(&fix.apply(text), Grammar::Json).is_ok();
    is_json.then_some(fix)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slip {
    Comma,
    Comment,
    Invisible,
    Quote,
    Space,
}

/// What the fix does, given how many slips there are of each kind.
fn title([commas, comments, invisible, quotes, spaces]: [usize; 5]) -> String {
    let counted = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("remove the {noun}")),
        count => Some(format!("remove {count} {noun}s")),
    };
    let parts = [
        counted(commas, "trailing comma"),
        counted(comments, "comment"),
        counted(invisible, "invisible character"),
        (quotes > 0).then(|| "write straight quotes".to_owned()),
        (spaces > 0).then(|| "write plain white space".to_owned()),
    ];
    match &parts.into_iter().flatten().collect::<Vec<_>>()[..] {
        [several @ .., last] if !several.is_empty() => format!("{} and {last}", several.join(", ")),
        parts => parts.concat(),
    }
}

struct Mender<'t> {
    text: &'t str,
    /// The offset of the next character.
    at: usize,
    /// The last character that is part of a token.
    before: Option<char>,
    /// The offset of a comma after a value, until another token follows.
    comma: Option<usize>,
    edits: Vec<Edit>,
    slips: [usize; 5],
}

impl Mender<'_> {
    /// Moves behind the next token, or what stands between tokens; none if that cannot be mended.
    fn token(&mut self) -> Option<()> {
        let start = self.at;
        let rest = &self.text[start..];
        let char = rest.chars().next()?;
        match char {
            ' ' | '\t' | '\r' | '\n' => self.at += 1,
            '/' => self.comment()?,
            _ if char.is_whitespace() || is_invisible(char) => {
                self.at += char.len_utf8();
                let (slip, text) = if is_invisible(char) { (Slip::Invisible, "") } else { (Slip::Space, " ") };
                self.replace(slip, start..self.at, text);
            }
            _ => {
                match char {
                    '"' => self.string()?,
                    _ if closing(char).is_some() => self.typographic_string(char)?,
                    _ => self.at += char.len_utf8(),
                }
                let comma = self.comma.take();
                match (char, comma) {
                    (',', _) => self.comma = self.before.filter(|before| !"[{,:".contains(*before)).map(|_| start),
                    ('}' | ']', Some(comma)) => self.replace(Slip::Comma, comma..comma + 1, ""),
                    _ => {}
                }
                self.before = Some(char);
            }
        }
        Some(())
    }

    fn comment(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let length = match rest.as_bytes() {
            [b'/', b'/', ..] => rest.find(['\n', '\r']).unwrap_or(rest.len()),
            [b'/', b'*', ..] => rest.get(2..)?.find("*/")? + 4,
            _ => return None,
        };
        let range = self.at..self.at + length;
        self.at = range.end;
        let range = self.with_blanks(range);
        // Not to be visited again: the line break may go with the comment.
        self.at = self.at.max(range.end);
        self.replace(Slip::Comment, range, "");
        Some(())
    }

    /// A comment with its line, if it has that for itself, or with the blanks beside it.
    fn with_blanks(&self, comment: Range<usize>) -> Range<usize> {
        let before = self.text[..comment.start].trim_end_matches([' ', '\t']);
        let after = self.text[comment.end..].trim_start_matches([' ', '\t']);
        let starts_line = before.is_empty() || before.ends_with(['\n', '\r']);
        let ends_line = after.is_empty() || after.starts_with(['\n', '\r']);
        let end = self.text.len() - after.len();
        match (starts_line, ends_line) {
            (true, true) => {
                let line_break = ["\r\n", "\n", "\r"].into_iter().find(|line_break| after.starts_with(line_break));
                before.len()..end + line_break.map_or(0, str::len)
            }
            (false, true) => before.len()..end,
            (true, false) => comment.start..end,
            (false, false) if before.len() < comment.start => comment.start..end,
            (false, false) => comment,
        }
    }

    /// A string that opens with a straight quote. Where it is not closed on its line, the one typographic quote on that
    /// closes it.
    fn string(&mut self) -> Option<()> {
        let start = self.at + 1;
        let line_end = match self.closed_at(start, |char| char == '"')? {
            Closed::At(end) => {
                self.at = end + 1;
                return Some(());
            }
            Closed::Not(line_end) => line_end,
        };
        let mut quotes = self.text[start..line_end].char_indices().filter(|(_, char)| is_double(*char));
        let (quote, char) = quotes.next().filter(|_| quotes.next().is_none())?;
        self.at = start + quote + char.len_utf8();
        self.replace(Slip::Quote, start + quote..self.at, "\"");
        Some(())
    }

    fn typographic_string(&mut self, opening: char) -> Option<()> {
        let start = self.at + opening.len_utf8();
        let Closed::At(end) = self.closed_at(start, closing(opening)?)? else { return None };
        self.replace(Slip::Quote, self.at..start, "\"");
        self.at = end + self.text[end..].chars().next().map_or(0, char::len_utf8);
        if &self.text[end..self.at] != "\"" {
            self.replace(Slip::Quote, end..self.at, "\"");
        }
        Some(())
    }

    /// Where a string ends, or its line if the string does not end on it. None at the end of the text.
    fn closed_at(&self, start: usize, closes: impl Fn(char) -> bool) -> Option<Closed> {
        let mut escaped = false;
        let found = self.text[start..].char_indices().find(|(_, char)| {
            let found = matches!(char, '\n' | '\r') || (!escaped && closes(*char));
            escaped = !escaped && *char == '\\';
            found
        });
        found.map(|(at, char)| match char {
            '\n' | '\r' => Closed::Not(start + at),
            _ => Closed::At(start + at),
        })
    }

    /// Replaces what is no part of a token. What it stood between does not become one token.
    fn replace(&mut self, slip: Slip, range: Range<usize>, text: &str) {
        self.slips[slip as usize] += 1;
        // Blanks between two comments may have gone with the first.
        let before = self.edits.last().filter(|_| slip == Slip::Comment).map_or(0, |edit| edit.span.end);
        let start = range.start.max(before.min(range.end));
        let is_of_word = |char: char| char.is_alphanumeric() || matches!(char, '-' | '+' | '.' | '_');
        let joins = self.text[..start].ends_with(is_of_word) && self.text[range.end..].starts_with(is_of_word);
        let text = if joins && text.is_empty() { " " } else { text };
        self.edits.push(Edit { span: Span::new(start, range.end), text: text.to_owned() });
    }
}

/// Whether a string ends on its line, and where, or where the line does.
enum Closed {
    At(usize),
    Not(usize),
}

/// Whether a character is a typographic form of `"`.
fn is_double(char: char) -> bool {
    matches!(char, '“' | '”' | '„' | '‟')
}

/// Which characters close a string that this one opens; none if it is no typographic quote.
fn closing(opening: char) -> Option<fn(char) -> bool> {
    Some(match opening {
        '“' | '”' | '„' | '‟' => |char| is_double(char) || char == '"',
        '«' | '»' => |char| matches!(char, '«' | '»' | '"'),
        '‘' | '’' => |char| matches!(char, '‘' | '’' | '"'),
        _ => return None,
    })
}

/// Whether a character takes no room, such as a byte order mark.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{200b}' | '\u{2060}' | '\u{feff}')
}
