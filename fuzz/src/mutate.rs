//! Changes texts by the structure of JSON: values are swapped, members dropped and repeated, escapes changed. Texts that
//! are no JSON have a structure too, as far as their brackets and quotes go.

use std::ops::Range;

use fastrand::Rng;

use super::laws::{CANARY, betrays};

/// The stretches of a text that are values, keys and members, in the order of their ends.
#[derive(Default)]
struct Outline {
    /// Keys are none of them.
    values: Vec<Range<usize>>,
    keys: Vec<Range<usize>>,
    /// Members with their keys, and the items of arrays.
    parts: Vec<Range<usize>>,
    /// Behind each brace that opens an object.
    inside_objects: Vec<usize>,
}

/// The end of a string that starts at an index. A line end closes it, too.
fn end_of_string(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\n' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b'_') || byte >= 0x80
}

impl Outline {
    fn of(text: &[u8]) -> Self {
        let mut outline = Outline::default();
        // The starts of what is open, with that of the part that it is the value of.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut key: Option<Range<usize>> = None;
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            let part = |key: &mut Option<Range<usize>>| key.take().map_or(at, |key| key.start);
            let end = match byte {
                b'"' => end_of_string(text, at),
                b'{' | b'[' => {
                    open.push((at, part(&mut key)));
                    at += 1;
                    if *byte == b'{' {
                        outline.inside_objects.push(at);
                    }
                    continue;
                }
                b'}' | b']' => {
                    at += 1;
                    if let Some((start, part)) = open.pop() {
                        outline.values.push(start..at);
                        outline.parts.push(part..at);
                    }
                    continue;
                }
                byte if is_word(*byte) => at + text[at..].iter().take_while(|byte| is_word(**byte)).count(),
                _ => {
                    at += 1;
                    continue;
                }
            };
            let after = text[end..].iter().position(|byte| !byte.is_ascii_whitespace());
            if after.is_some_and(|after| text[end + after] == b':') {
                outline.keys.push(at..end);
                key = Some(at..end);
            } else {
                outline.parts.push(part(&mut key)..end);
                outline.values.push(at..end);
            }
            at = end;
        }
        outline
    }
}

/// What values are replaced with.
const OTHERS: [&str; 22] = [
    "null",
    "true",
    "false",
    "{}",
    "[]",
    "\"\"",
    "-1",
    "0.0",
    "1e999",
    "3000000000",
    "\"\\ud83d\\ude00\\n\"",
    "\"\\ud800\"",
    "[[[{\"arn\":\"arn:\"}]]]",
    "\"arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1\"",
    "\"***\"",
    "\"2026-02-30T00:00:00Z\"",
    "\"{\\\"image\\\":{}}\"",
    "\"ami-0123456789abcdef0\"",
    "\"x.x.x\"",
    "\"AVAILABLE\"",
    "\"aHR0cHM6Ly9leGFtcGxlLmNvbQ==\"",
    "\"https://b.s3.amazonaws.com/k?X-Amz-Signature=0a\"",
];

/// What is put between tokens.
const PIECES: [&str; 28] = [
    "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e5", "null", "tru", "\t", "\n", "\r\n", "\x0b", "\x01",
    "\\u12", "\\ud800", "\u{a0}", "\u{feff}", "/", "'", "//", "/*", "\u{202e}",
];

fn pick<T: Clone>(rng: &mut Rng, of: &[T]) -> Option<T> {
    rng.choice(of).cloned()
}

/// Changes a text in one place.
pub fn mutate(text: &mut Vec<u8>, rng: &mut Rng) {
    let outline = Outline::of(text);
    let done = match rng.u8(..14) {
        0 => swap(text, &outline, rng),
        1 => copy(text, &outline, rng),
        2 => replace(text, &outline, rng),
        3 => drop_part(text, &outline, rng),
        4 => repeat_part(text, &outline, rng),
        5 => escape(text, rng),
        6 => nest(text, &outline, rng),
        7 => truncate(text, &outline, rng),
        8 => change_string(text, &outline, rng),
        9 => change_key(text, &outline, rng),
        10 => encode(text, rng),
        _ => None,
    };
    if done.is_none() {
        let at = rng.usize(..=text.len());
        let removed = rng.usize(..3).min(text.len() - at);
        text.splice(at..at + removed, PIECES[rng.usize(..PIECES.len())].bytes());
    }
}

fn swap(text: &mut Vec<u8>, outline: &Outline, rng: &mut Rng) -> Option<()> {
    let (one, other) = (pick(rng, &outline.values)?, pick(rng, &outline.values)?);
    let (first, last) = if one.start < other.start { (one, other) } else { (other, one) };
    (first.end <= last.start).then_some(())?;
    let [was, is] = [text[first.clone()].to_vec(), text[last.clone()].to_vec()];
    text.splice(last, was);
    text.splice(first, is);
    Some(())
}

fn copy(text: &mut Vec<u8>, outline: &Outline, rng: &mut Rng) -> Option<()> {
    let (from, to) = (pick(rng, &outline.values)?, pick(rng, &outline.values)?);
    let copied = text[from].to_vec();
    text.splice(to, copied);
    Some(())
}

fn replace(text: &mut Vec<u8>, outline: &Outline, rng: &mut Rng) -> Option<()> {
    let to = pick(rng, &outline.values)?;
    text.splice(to, OTHERS[rng.usize(..OTHERS.len())].bytes());
    Some(())
}

/// Drops a member or an item, most times with the comma that separates it.
fn drop_part(text: &mut Vec<u8>, outline: &Outline, rng: &mut Rng) -> Option<()> {
    let Range { start, mut end } = pick(rng, &outline.parts)?;
    if rng.u8(..8) > 0 {
        end += text[end..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        end += usize::from(text.get(end) == Some(&b','));
    }
    text.drain(start..end);
    Some(())
}

fn repeat_part(text: &mut Vec<u8>, outline: &Outline, rng: &mut Rng) -> Option<()> {
    let part = pick(rng, &outline.parts)?;
    let repeated = [b",", &text[part.clone()]].concat();
    let times = if repeated.len() < 200 && rng.u8(..16) == 0 { 50 } else { rng.usize(1..3) };
    text.splice(part.end..part.end, repeated.repeat(times));
    Some(())
}

/// Writes a character of the text as an escape, or an escape as another.
fn escape(text: &mut Vec<u8>, rng: &mut Rng) -> Option<()> {
    let marks = |byte: &u8| matches!(byte, b'/' | b':' | b'=' | b'-' | b'a'..=b'z' | b'0'..=b'9');
    let from = rng.usize(..=text.len());
    let at = from + text[from..].iter().position(marks)?;
    let code = format!("\\u{:04x}", text[at]);
    text.splice(at..=at, code.into_bytes());
    Some(())
}

/// Puts a value into another: an array, an object, or a string.
fn nest(text: &mut Vec<u8>, outline: &Outline, rng: &mut Rng) -> Option<()> {
    let value = pick(rng, &outline.values)?;
    let inner = text[value.clone()].to_vec();
    let (before, after): (&[u8], &[u8]) = match rng.u8(..5) {
        0 => (b"[", b"]"),
        1 => (b"{\"image\":", b"}"),
        2 => (b"{\"Message\":", b",\"Type\":\"Notification\"}"),
        3 => {
            let depth = rng.usize(2..2000);
            text.splice(value, [b"[".repeat(depth), inner, b"]".repeat(depth)].concat());
            return Some(());
        }
        _ => {
            let quoted = inner.iter().flat_map(|byte| match byte {
                b'"' | b'\\' => vec![b'\\', *byte],
                b'\n' => b"\\n".to_vec(),
                byte => vec![*byte],
            });
            let quoted: Vec<u8> = [b'"'].into_iter().chain(quoted).chain([b'"']).collect();
            text.splice(value, quoted);
            return Some(());
        }
    };
    text.splice(value, [before, &inner, after].concat());
    Some(())
}

/// Cuts the text off: inside of a value, or at its end.
fn truncate(text: &mut Vec<u8>, outline: &Outline, rng: &mut Rng) -> Option<()> {
    let value = pick(rng, &outline.values)?;
    text.truncate(if rng.bool() { value.end } else { rng.usize(value) });
    Some(())
}

/// Changes the text of a string as people do who mistype it.
fn change_string(text: &mut Vec<u8>, outline: &Outline, rng: &mut Rng) -> Option<()> {
    let Range { start, end } = pick(rng, &outline.values)?;
    (text.get(start) == Some(&b'"') && end - start > 2).then_some(())?;
    let at = rng.usize(start + 1..end - 1);
    match rng.u8(..6) {
        0 => text[at] = text[at].to_ascii_uppercase(),
        1 => {
            text.remove(at);
        }
        2 => text.swap(at, end - 2),
        3 => text[at] = b'0' + rng.u8(..10),
        4 => text.insert(at, b' '),
        _ => {
            let long = text[at..=at].repeat(rng.usize(1..3000));
            text.splice(at..at, long);
        }
    }
    Some(())
}

/// Writes a key as another client does, or gives it the name of another.
fn change_key(text: &mut Vec<u8>, outline: &Outline, rng: &mut Rng) -> Option<()> {
    let key = pick(rng, &outline.keys)?;
    let first = text.get_mut(key.start + 1)?;
    if rng.bool() {
        *first ^= if first.is_ascii_alphabetic() { 0x20 } else { 0 };
    } else {
        let other = text[pick(rng, &outline.keys)?].to_vec();
        text.splice(key, other);
    }
    Some(())
}

/// Writes the whole text in another way: as lines, as an array, in another encoding.
fn encode(text: &mut Vec<u8>, rng: &mut Rng) -> Option<()> {
    (text.len() < 1 << 16).then_some(())?;
    *text = match rng.u8(..8) {
        0 => [b"\xef\xbb\xbf", &**text].concat(),
        1 => std::str::from_utf8(text).ok()?.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        2 => [text, &b","[..], text].concat(),
        3 => [b"[", &**text, b",", text, b"]"].concat(),
        4 => {
            let line: Vec<u8> = text.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }).collect();
            [line.as_slice(), b"\n"].concat().repeat(rng.usize(1..4))
        }
        5 => [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", &**text].concat(),
        6 => text.iter().filter(|byte| !byte.is_ascii_whitespace()).copied().collect(),
        _ => {
            let at = rng.usize(..=text.len());
            let mut broken = text.clone();
            broken.insert(at, 0xff);
            broken
        }
    };
    Some(())
}

/// Members with a secret, `@@` in the place of it.
const SECRETS: [&str; 8] = [
    "\"dbPassword\": \"@@\"",
    "\"tags\": {\"pw\": \"@@\", \"AuthKey\": \"@@ @@\"}",
    "\"tags\": [{\"Key\": \"Secret\", \"Value\": \"@@\"}]",
    "\"reason\": \"GET https://b.s3.amazonaws.com/k?X-Amz-Credential=@@%2F2026&X-Amz-Signature=@@ failed\"",
    "\"reason\": \"https://w.blob.core.windows.net/b/k?sv\\u003d2024\\u0026sig\\u003d@@\"",
    "\"description\": \"clone of https://build:@@@git.example.com/web failed\"",
    "\"parameters\": [{\"name\": \"DbPassword\", \"value\": [\"@@\", \"@@\"]}]",
    "\"description\": \"Authorization: Bearer @@\"",
];

/// The text with a secret as a member of one of its objects; none where it has no object, the encoding is another, or
/// libFuzzer has put the canary elsewhere, which it learns from comparisons.
pub fn plant(text: &[u8], rng: &mut Rng) -> Option<Vec<u8>> {
    // With NUL in it, it is UTF-16.
    (!text.contains(&0) && !betrays(std::str::from_utf8(text).ok()?)).then_some(())?;
    let at = pick(rng, &Outline::of(text).inside_objects)?;
    let secret = SECRETS[rng.usize(..SECRETS.len())].replace("@@", CANARY);
    Some([&text[..at], secret.as_bytes(), b",", &text[at..]].concat())
}
