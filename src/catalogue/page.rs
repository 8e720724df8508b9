//! The pages of rules, which are in `docs/rules/` and printed by `imagelint explain`.

use std::fmt::Write as _;

use crate::finding::Rule;
use crate::rules::THEMES;

/// Renders the page of a rule, with the sections of its examples.
pub(crate) fn page(rule: &Rule, examples: &str) -> String {
    let theme = THEMES.iter().find(|theme| theme.iter().any(|other| other == rule));
    let theme = theme.map(|theme| theme.name).unwrap_or_default();
    let level =
        if rule.pedantic { format!("{}, off by default", rule.level.name()) } else { rule.level.name().to_owned() };
    let fixes: Vec<&str> = rule.fix_names().collect();
    let fixes = if fixes.is_empty() { String::new() } else { format!(" · {} fix", fixes.join(" or ")) };
    let mut page =
        format!("# {}\n\n{theme} · {level}{fixes}\n\n{}.\n\n{}\n", rule.name, capitalised(rule.summary), rule.why);
    page.push_str(examples);
    write!(page, "\n## What to do\n\n{}.\n\n## Source\n\n", capitalised(rule.help)).expect("a String takes all");
    for source in rule.source {
        let source = if source.starts_with("https:") { format!("<{source}>") } else { (*source).to_owned() };
        writeln!(page, "- {source}").expect("a String takes all");
    }
    page
}

/// A text as a sentence: with a capital, unless it starts with a name or a value, such as `accountId` or `gp3`.
fn capitalised(text: &str) -> String {
    let first_word = text.split(|char: char| char.is_whitespace() || char == ',' || char == ':').next();
    let is_name = |word: &str| word.starts_with("imagelint") || word.bytes().any(|byte| !is_of_words(byte));
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if !first_word.is_some_and(is_name) => first.to_uppercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// Whether a byte may be part of a plain word in lower case.
fn is_of_words(byte: u8) -> bool {
    byte.is_ascii_lowercase() || matches!(byte, b'-' | b'\'')
}

/// The address of the page of a rule.
pub(crate) fn address(rule: &Rule) -> String {
    format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), rule.name)
}

/// The page of a rule from `docs/rules/`, or one without examples if there is none yet.
pub(crate) fn of(rule: &Rule) -> String {
    committed(rule).unwrap_or_else(|| page(rule, ""))
}

#[cfg(embedded_pages)]
fn committed(rule: &Rule) -> Option<String> {
    const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));
    PAGES.iter().find(|(name, _)| *name == rule.name).map(|(_, page)| (*page).to_owned())
}

#[cfg(not(embedded_pages))]
fn committed(rule: &Rule) -> Option<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    std::fs::read_to_string(folder.join(rule.name).with_extension("md")).ok()
}
