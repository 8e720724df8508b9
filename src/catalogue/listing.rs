//! What there is, as text to print: the rules, their pages, the kinds and their schemas.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde::Serialize;

use crate::catalogue::page;
use crate::catalogue::schema;
use crate::finding::Rule;
use crate::lint::levels::known;
use crate::recognise::envelope::ENVELOPES;
use crate::recognise::kind::{self, Kind};
use crate::rules::{self, THEMES};
use crate::text::suggest;

/// The format of a list.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ListFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleEntry {
    name: &'static str,
    theme: &'static str,
    level: &'static str,
    default_level: &'static str,
    summary: &'static str,
    why: &'static str,
    help: &'static str,
    source: &'static [&'static str],
}

/// All rules by theme.
pub fn list_rules(format: ListFormat) -> String {
    match format {
        ListFormat::Json => {
            let entries = THEMES.iter().flat_map(|theme| {
                theme.iter().map(|rule| RuleEntry {
                    name: rule.name,
                    theme: theme.name,
                    level: rule.level.name(),
                    default_level: rule.default_level().name(),
                    summary: rule.summary,
                    why: rule.why,
                    help: rule.help,
                    source: rule.source,
                })
            });
            to_json(&entries.collect::<Vec<_>>())
        }
        ListFormat::Text => {
            let width = rules::all().map(|rule| rule.name.len()).max().unwrap_or(0);
            let line = |rule: &Rule| {
                let level =
                    if rule.pedantic { format!("{}, off", rule.level.name()) } else { rule.level.name().to_owned() };
                format!("  {:width$}  {level:12}  {}\n", rule.name, rule.summary)
            };
            let theme =
                |theme: &rules::Theme| format!("{}\n{}", theme.name, theme.iter().map(line).collect::<String>());
            THEMES.iter().map(theme).collect::<Vec<_>>().join("\n")
        }
    }
}

fn to_json(entries: &impl Serialize) -> String {
    serde_json::to_string_pretty(entries).expect("the entries are plain text") + "\n"
}

/// The page of a rule.
///
/// # Errors
///
/// Where there is no rule of that name; the text suggests one.
pub fn explain(name: &str) -> Result<String, String> {
    known(name).map(page::of)
}

#[derive(Serialize)]
struct KindEntry {
    /// None of an envelope, which is opened and not checked itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'static str>,
    summary: &'static str,
    recognised: &'static str,
}

/// All kinds, and all envelopes that are none, with how they are recognised.
pub fn list_kinds(format: ListFormat) -> String {
    let kinds = kind::kinds().map(|kind| KindEntry {
        name: Some(kind.name),
        summary: kind.summary,
        recognised: kind.recognised,
    });
    let envelopes = ENVELOPES.iter().filter(|envelope| envelope.kind.is_none());
    let envelopes =
        envelopes.map(|envelope| KindEntry { name: None, summary: envelope.summary, recognised: envelope.recognised });
    let entries = kinds.chain(envelopes);
    match format {
        ListFormat::Json => to_json(&entries.collect::<Vec<_>>()),
        ListFormat::Text => entries.fold(String::new(), |mut text, KindEntry { name, summary, recognised }| {
            let name = name.unwrap_or("an envelope");
            writeln!(text, "{name}\n    {summary}\n    recognised by {recognised}").expect("a String takes all");
            text
        }),
    }
}

/// The JSON Schema of a kind.
///
/// # Errors
///
/// Where there is no kind of that name; the text suggests one.
pub fn schema(kind: &str) -> Result<String, String> {
    known_kind(kind).map(|kind| to_json(&schema::schema(kind)))
}

/// The kind of that name.
///
/// # Errors
///
/// Where there is none; the text suggests one.
pub fn known_kind(name: &str) -> Result<&'static Kind, String> {
    let names = || kind::kinds().map(|kind| kind.name);
    kind::kind(name).ok_or_else(|| suggest::unknown("kind", name, names(), "`imagelint kinds` lists them"))
}
