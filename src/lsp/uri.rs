//! The addresses of files.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use crate::report;

/// The path of the file at an address; none for what is no file, such as a text that was never saved.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    let (scheme, rest) = uri.split_once("://")?;
    let (host, path) = rest.find('/').map(|slash| rest.split_at(slash))?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = percent_decode_str(path).decode_utf8().ok()?;
    if cfg!(windows) {
        let is_drive = path.as_bytes().get(2) == Some(&b':');
        let path = if is_drive { path[1..].to_owned() } else { path.into_owned() };
        return Some(if host.is_empty() || host == "localhost" {
            path.into()
        } else {
            format!("//{host}{path}").into()
        });
    }
    (host.is_empty() || host.eq_ignore_ascii_case("localhost")).then(|| path.into_owned().into())
}

/// The address of a file.
pub(super) fn uri_of(path: &Path) -> String {
    report::uri(&path.to_string_lossy(), Path::new(""))
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{path_of, uri_of};

    #[test]
    fn addresses_lead_to_files_and_back() {
        for (uri, path) in [
            ("file:///work/a.json", "/work/a.json"),
            ("file:///work/a%20b%23%C3%A9.json", "/work/a b#é.json"),
            ("file://localhost/work/a.json", "/work/a.json"),
        ] {
            assert_eq!(path_of(uri), Some(PathBuf::from(path)), "{uri}");
            assert_eq!(path_of(&uri_of(Path::new(path))), Some(PathBuf::from(path)));
        }
        for other in ["untitled:Untitled-1", "git:/work/a.json", "https://example.com/a.json", "file://server/a.json"] {
            assert_eq!(path_of(other), None, "{other}");
        }
    }
}
