//! Links between files of the repository become links between pages of the site, or to the repository.

use std::collections::BTreeMap;

use crate::path;

const REPOSITORY: &str = "https://github.com/imagelint/imagelint/blob/main/";

/// The pages of the site by the files that they are made from.
pub(crate) struct Links {
    pages: BTreeMap<String, String>,
}

impl Links {
    pub(crate) fn new(pages: BTreeMap<String, String>) -> Self {
        Links { pages }
    }

    /// What a link in a file becomes on its page.
    ///
    /// # Errors
    ///
    /// If it names a file that the repository does not have.
    pub(crate) fn of(&self, source: &str, target: &str, link: &str) -> Result<String, String> {
        let within = link.strip_prefix(REPOSITORY);
        if link.starts_with('#') || link.starts_with("mailto:") || (within.is_none() && link.contains("://")) {
            return Ok(link.to_owned());
        }
        let (file, fragment) = within.unwrap_or(link).split_once('#').unwrap_or((within.unwrap_or(link), ""));
        let file = if within.is_some() { file.to_owned() } else { joined(source, file) };
        let hash = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
        if let Some(page) = self.pages.get(file.trim_end_matches('/')) {
            let up = "../".repeat(target.matches('/').count());
            return Ok(format!("{up}{page}{hash}"));
        }
        if path(&file).exists() {
            Ok(format!("{REPOSITORY}{file}{hash}"))
        } else {
            Err(format!("{source}: there is no {file}, to which {link} leads"))
        }
    }
}

/// The path that a link of a file leads to.
pub(crate) fn joined(file: &str, link: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::Links;

    #[test]
    fn links_lead_to_pages_or_to_the_repository() {
        let pages =
            [("README.md", "index.html"), ("docs/ci.md", "docs/ci.html"), ("docs/rules/README.md", "rules/index.html")];
        let links = Links::new(pages.map(|(source, target)| (source.to_owned(), target.to_owned())).into());
        let of = |link: &str| links.of("docs/ci.md", "docs/ci.html", link);
        assert_eq!(of("../README.md#use").as_deref(), Ok("../index.html#use"));
        assert_eq!(of("rules/README.md").as_deref(), Ok("../rules/index.html"));
        assert_eq!(of("#here").as_deref(), Ok("#here"));
        assert_eq!(of("https://example.org/a.md").as_deref(), Ok("https://example.org/a.md"));
        let repository = "https://github.com/imagelint/imagelint/blob/main/";
        let absolute = format!("{repository}README.md");
        assert_eq!(of(&absolute).as_deref(), Ok("../index.html"));
        assert_eq!(of("../Cargo.toml"), Ok(format!("{repository}Cargo.toml")));
        assert!(of("../nowhere.md").is_err());
    }
}
