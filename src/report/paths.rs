//! Paths of files for reports that are read elsewhere: relative to the folder of the run, with `/` on all systems.

use std::path::{Component, Path, Prefix};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters that a URI must escape; a colon would turn the first name into a scheme.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The path relative to a folder if it is in it, else unchanged; `/` on all systems.
pub(crate) fn relative(path: &str, root: &Path) -> String {
    names(path, root).join("/")
}

/// The URI of a path: relative if the path is in the folder or relative itself, else a `file:` URI.
pub(crate) fn uri(path: &str, root: &Path) -> String {
    let encoded = |name: String| utf8_percent_encode(&name, ESCAPED).to_string();
    let address = names(path, root).into_iter().map(encoded).collect::<Vec<_>>().join("/");
    let is_relative = below(path, root).is_relative();
    match address.bytes().take_while(|byte| *byte == b'/').count() {
        _ if is_relative => address,
        // The letter of a drive is below the root, and a server stands where that of other addresses does.
        0 => format!("file:///{address}"),
        1 => format!("file://{address}"),
        _ => format!("file:{address}"),
    }
}

fn below<'p>(path: &'p str, root: &Path) -> &'p Path {
    let path = Path::new(path);
    path.strip_prefix(root).unwrap_or(path)
}

fn names(path: &str, root: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for component in below(path, root).components() {
        match component {
            // An empty name brings the leading slash; after the letter of a drive, joining adds the slash.
            Component::RootDir if names.is_empty() => names.push(String::new()),
            Component::RootDir | Component::CurDir => {}
            Component::Prefix(prefix) => match prefix.kind() {
                Prefix::Disk(letter) | Prefix::VerbatimDisk(letter) => names.push(format!("{}:", char::from(letter))),
                Prefix::UNC(server, share) | Prefix::VerbatimUNC(server, share) => {
                    let share = [server, share].map(|name| name.to_string_lossy().into_owned());
                    names.extend([String::new(), String::new()].into_iter().chain(share));
                }
                _ => names.push(prefix.as_os_str().to_string_lossy().into_owned()),
            },
            name => names.push(name.as_os_str().to_string_lossy().into_owned()),
        }
    }
    names
}

/// A path for the start of a line. GitHub and Azure take a line of a log that starts with `::` or `##` for a command.
pub(crate) fn at_line_start(path: String) -> String {
    if path.trim_start().starts_with("::") || path.trim_start().starts_with("##") { format!("./{path}") } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_relative_where_they_can_be() {
        let root = Path::new("/work/fixtures");
        for (path, expected, address) in [
            ("a/b.json", "a/b.json", "a/b.json"),
            ("a//./b.json", "a/b.json", "a/b.json"),
            ("../b.json", "../b.json", "../b.json"),
            ("/work/fixtures/a.json", "a.json", "a.json"),
            ("/work/b.json", "/work/b.json", "file:///work/b.json"),
            ("x:y z%é#?.json", "x:y z%é#?.json", "x%3Ay%20z%25%C3%A9%23%3F.json"),
            ("-", "-", "-"),
        ] {
            assert_eq!((relative(path, root).as_str(), uri(path, root).as_str()), (expected, address), "{path}");
        }
    }
}
