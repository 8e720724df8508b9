//! Splits JSON Lines at the lines that surely start a document, without looking at anything else.

use crate::document::splitter::Piece;

/// Splits bytes that are in no array and start where a document does. At the end of the input, the rest is a piece,
/// too. Returns the pieces, at most as many as `most`, and where they end; white space alone is no piece.
///
/// [`crate::document::Splitter`] would start a document at every piece. A piece that is valid JSON is one document,
/// others may be several.
pub(crate) fn split_lines(bytes: &[u8], is_end: bool, most: usize) -> (Vec<Piece>, usize) {
    let Some(first) = bytes.iter().position(|byte| !byte.is_ascii_whitespace()) else {
        return (Vec::new(), bytes.len());
    };
    let mut start = first;
    let mut piece_before = |next: usize| {
        let end = start + bytes[start..next].trim_ascii_end().len();
        Piece { range: std::mem::replace(&mut start, next)..end, lacks_comma: false }
    };
    let line_feeds = memchr::memchr_iter(b'\n', &bytes[first..]);
    let starts = line_feeds.map(|at| first + at + 1).filter(|start| surely_starts_document(bytes, *start));
    let mut pieces: Vec<Piece> = starts.take(most).map(&mut piece_before).collect();
    if is_end && pieces.len() < most {
        pieces.push(piece_before(bytes.len()));
    }
    (pieces, start)
}

/// Whether a document starts at the start of a line, whatever the lines before it are: with a `{` where JSON allows no
/// value. A string cannot continue on another line.
fn surely_starts_document(bytes: &[u8], line_start: usize) -> bool {
    let last = || bytes[..line_start].iter().rfind(|byte| !byte.is_ascii_whitespace());
    bytes.get(line_start) == Some(&b'{') && last().is_some_and(|last| !matches!(last, b':' | b'[' | b','))
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::split_lines;
    use crate::document::{Document, Splitter};

    /// Where documents start must not depend on how they are found: what `split_lines` takes for one document is one
    /// for the splitter if it is valid, and in any case starts and ends with one.
    #[test]
    fn lines_are_split_as_the_splitter_splits_them() {
        let mut rng = Rng::with_seed(11);
        let pieces = [
            "{\"a\": [1,\n{\"b\": \"}{\\\"\"}]}",
            "{\"a\": [\n{}, \n{}\n]}",
            "{\"a\":\n{\"b\": 1}}",
            "{}",
            "{\n}",
            "\n",
            "\n",
            "\r\n",
            "\n\n \n",
            " \u{c}",
            "{\"a\": \"cut",
            "{\"a\": \"cut}",
            "{\"a\": \"cut:",
            "{\"a\": [",
            "{\"a\":",
            "{\"a\": 1,",
            "}",
            "]",
            "[1]",
            "7",
            "\"s\"",
            "// {",
            "é",
        ];
        for _ in 0..2000 {
            let text: String = (0..rng.usize(1..12)).map(|_| pieces[rng.usize(..pieces.len())]).collect();
            let text = format!("{{{text}");
            let exact: Vec<_> = Splitter::default().split(text.as_bytes(), true, usize::MAX);
            let (found, end) = split_lines(text.as_bytes(), true, usize::MAX);
            assert_eq!(end, text.len());
            let mut same = Vec::new();
            for (index, piece) in found.iter().enumerate() {
                let document = Document::parse(&text[piece.range.clone()]);
                if document.root().is_some() && document.faults.is_empty() {
                    same.push(piece.clone());
                    continue;
                }
                let start = piece.range.start;
                let end = found.get(index + 1).map_or(text.len(), |next| next.range.start);
                same.extend(Splitter::after_others(start).split(&text.as_bytes()[..end], true, usize::MAX));
            }
            assert_eq!(same, exact, "{text:?}");
        }
    }
}
