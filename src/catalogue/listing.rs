//! The lists of rules and kinds, as text or JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::catalogue::to_json;
use crate::finding::Rule;
use crate::recognise::envelope::ENVELOPES;
use crate::recognise::kind;
use crate::rules::{self, THEMES};

/// Who reads a list.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Audience {
    /// People.
    Person,
    /// Programs, which read JSON.
    Program,
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
    fixes: Vec<&'static str>,
}

/// All rules, grouped by theme.
pub(crate) fn list_rules(audience: Audience) -> String {
    match audience {
        Audience::Program => {
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
                    fixes: rule.fix_names().collect(),
                })
            });
            to_json(&entries.collect::<Vec<_>>())
        }
        Audience::Person => {
            let width = rules::all().map(|rule| rule.name.len()).max().unwrap_or(0);
            let line = |rule: &Rule| {
                let level =
                    if rule.pedantic { format!("{}, off", rule.level.name()) } else { rule.level.name().to_owned() };
                let fixes = fixes(rule);
                format!("  {:width$}  {level:12}  {fixes:16}  {}\n", rule.name, rule.summary)
            };
            let theme =
                |theme: &rules::Theme| format!("{}\n{}", theme.name, theme.iter().map(line).collect::<String>());
            THEMES.iter().map(theme).collect::<Vec<_>>().join("\n")
        }
    }
}

/// Which fixes the findings of a rule may carry, for a list.
pub(crate) fn fixes(rule: &Rule) -> String {
    let names: Vec<&str> = rule.fix_names().collect();
    if names.is_empty() { String::new() } else { format!("{} fix", names.join("/")) }
}

#[derive(Serialize)]
struct KindEntry {
    /// None for an envelope, which is unwrapped and not checked itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'static str>,
    summary: &'static str,
    recognised: String,
}

/// All kinds, and the envelopes that are not kinds themselves, with how they are recognised.
pub(crate) fn list_kinds(audience: Audience) -> String {
    let kinds = kind::kinds().map(|kind| KindEntry {
        name: Some(kind.name),
        summary: kind.summary,
        recognised: kind.recognised(),
    });
    let envelopes = ENVELOPES.iter().filter(|envelope| envelope.kind.is_none());
    let envelopes = envelopes.map(|envelope| KindEntry {
        name: None,
        summary: envelope.summary,
        recognised: envelope.sign.words(),
    });
    let entries = kinds.chain(envelopes);
    match audience {
        Audience::Program => to_json(&entries.collect::<Vec<_>>()),
        Audience::Person => entries.fold(String::new(), |mut text, KindEntry { name, summary, recognised }| {
            let name = name.unwrap_or("an envelope");
            writeln!(text, "{name}\n    {summary}\n    recognised by {recognised}").expect("a String takes all");
            text
        }),
    }
}
