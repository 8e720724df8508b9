//! JSON that a string holds in base64, as HTTP recorders keep bodies that are not plain text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The JSON text in base64 that decodes to an object or an array; none for any other text.
pub(crate) fn json_in_base64(text: &str) -> Option<String> {
    // What `{"`, `{` or `[` with white space behind, and `[{` become; other texts are not decoded.
    const STARTS: [&str; 5] = ["ey", "ew", "W3", "Wy", "Ww"];
    let text = text.trim();
    if !STARTS.iter().any(|start| text.starts_with(start)) {
        return None;
    }
    let decoded = if text.contains(['\n', '\r']) {
        STANDARD.decode(text.replace(['\n', '\r'], ""))
    } else {
        STANDARD.decode(text)
    };
    String::from_utf8(decoded.ok()?).ok().filter(|json| looks_like_json(json) && !json.starts_with('"'))
}

/// Whether a text starts like a JSON object, array or string.
pub(crate) fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_base64_of_objects_and_arrays_is_decoded() {
        for json in ["{\"image\": {}}", "{ }", "{\n  \"a\": 1\n}", "[{}]", "[\n1]"] {
            assert_eq!(json_in_base64(&STANDARD.encode(json)).as_deref(), Some(json));
        }
        let wrapped = STANDARD.encode("{\"message\": \"a longer one\"}");
        let (first, second) = wrapped.split_at(16);
        assert!(json_in_base64(&format!("{first}\r\n{second}\n")).is_some());
        for other in ["{}", "eyes", "Www", "ew==x", "", "d2Vi", "eyJh\u{e9}"] {
            assert_eq!(json_in_base64(other), None, "{other}");
        }
    }
}
