//! The messages of the protocol as they are framed on streams.

use std::io::{self, BufRead, Read, Write};

use serde_json::Value;

/// The most bytes of a message.
const MOST: usize = 1 << 30;
/// The most bytes of a line in a header.
const MOST_OF_LINE: u64 = 1 << 12;

/// A message of the client: a request has an id and a method, a notification a method only, an answer an id only.
#[derive(Debug)]
pub(super) struct Incoming {
    /// A number or a text.
    pub(super) id: Option<Value>,
    pub(super) method: Option<String>,
    pub(super) params: Value,
    pub(super) result: Value,
}

/// Why a frame holds no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Malformed {
    /// It is no JSON.
    Syntax,
    /// It is JSON, but no message.
    Shape,
}

impl Incoming {
    /// Parses the body of a frame.
    ///
    /// # Errors
    ///
    /// If it is no message.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let mut message: Value = serde_json::from_slice(body).map_err(|_| Malformed::Syntax)?;
        let mut take = |name: &str| message.get_mut(name).map(Value::take).unwrap_or_default();
        let id = match take("id") {
            Value::Null => None,
            id if id.is_i64() || id.is_string() => Some(id),
            _ => return Err(Malformed::Shape),
        };
        let method = match take("method") {
            Value::Null => None,
            Value::String(method) => Some(method),
            _ => return Err(Malformed::Shape),
        };
        if id.is_none() && method.is_none() {
            return Err(Malformed::Shape);
        }
        Ok(Incoming { id, method, params: take("params"), result: take("result") })
    }
}

/// Reads the body of the next frame; none at the end of the stream. What is no header is skipped.
///
/// # Errors
///
/// Those of reading.
pub(super) fn read_frame(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length: Option<usize> = None;
    let mut line = Vec::new();
    let length = loop {
        line.clear();
        if input.by_ref().take(MOST_OF_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let header = line.trim_ascii();
        match length {
            Some(length) if header.is_empty() => break length,
            _ => {}
        }
        let named = std::str::from_utf8(header).ok().and_then(|header| header.split_once(':'));
        if let Some((_, value)) = named.filter(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
            length = value.trim().parse().ok().filter(|length| *length <= MOST);
        }
    };
    // What is announced is not trusted with memory before it is there.
    let mut body = Vec::new();
    input.take(length as u64).read_to_end(&mut body)?;
    Ok((body.len() == length).then_some(body))
}

/// Writes a message as a frame.
///
/// # Errors
///
/// Those of writing.
pub(super) fn write_frame(output: &mut dyn Write, message: &Value) -> io::Result<()> {
    let body = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::{Incoming, Malformed, read_frame};

    #[test]
    fn a_frame_is_found_after_what_is_none() {
        let mut stream: &[u8] =
            b"noise\r\n\r\nContent-Length: 99999999999999999999\r\n\r\ncontent-length:2\r\nX: y\r\n\r\n{}rest";
        assert_eq!(read_frame(&mut stream).expect("no error"), Some(b"{}".to_vec()));
        assert_eq!(read_frame(&mut stream).expect("no error"), None);
        assert_eq!(read_frame(&mut &b"Content-Length: 5\r\n\r\n{}"[..]).expect("no error"), None, "it is cut off");
    }

    #[test]
    fn what_is_no_message_is_told_apart() {
        assert_eq!(Incoming::parse(b"{").expect_err("no JSON"), Malformed::Syntax);
        assert_eq!(Incoming::parse(b"[1]").expect_err("no object"), Malformed::Shape);
        assert_eq!(Incoming::parse(b"{}").expect_err("no message"), Malformed::Shape);
        assert!(Incoming::parse(b"{\"id\": \"a\", \"result\": null}").is_ok());
    }
}
