//! SARIF 2.1.0, which code scanning services and editors read: one run with all rules.

use std::path::Path;

use serde_json::{Value, json};

use crate::finding::fix::Fix;
use crate::finding::{Elsewhere, Finding, Label, Level, Span};
use crate::model::shape::MODEL;
use crate::report::fingerprint::fingerprints;
use crate::report::format::json::to_json;
use crate::report::{File, Lines, Position, Summary, advice, place};
use crate::rule::Rule;
use crate::rules::{self, THEMES};

/// The name of the folder that addresses start from.
const ROOT: &str = "%SRCROOT%";

/// What stands before the results.
pub fn opening() -> String {
    let rules: Vec<Value> =
        THEMES.iter().flat_map(|theme| theme.rules.iter().map(|rule| descriptor(rule, theme.name))).collect();
    let driver = json!({
        "name": "imagelint",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "properties": { "model": MODEL },
        "rules": rules,
    });
    let bases = json!({ ROOT: { "description": { "text": "The folder that imagelint was run in." } } });
    format!(
        "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{\
         \"tool\":{{\"driver\":{driver}}},\"columnKind\":\"unicodeCodePoints\",\"originalUriBaseIds\":{bases},\
         \"results\":["
    )
}

/// What stands after them.
pub fn closing(summary: &Summary, root: &Path) -> String {
    let notifications: Vec<Value> = summary
        .unreadable
        .iter()
        .map(|unreadable| {
            json!({
                "level": "error",
                "message": { "text": unreadable.error },
                "locations": [{ "physicalLocation": { "artifactLocation": artifact(&unreadable.path, root) } }],
            })
        })
        .collect();
    let invocation = json!({
        "executionSuccessful": notifications.is_empty(),
        "toolExecutionNotifications": notifications,
    });
    format!("\n],\"invocations\":[{}]}}]}}\n", to_json(&invocation))
}

fn descriptor(rule: &Rule, theme: &str) -> Value {
    let address = rule.source.iter().find(|source| source.starts_with("https:"));
    let sources: String = rule.source.iter().map(|source| format!("\n- {source}")).collect();
    let mut descriptor = json!({
        "id": rule.name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.why },
        "help": {
            "text": format!("{}\n\nSources:{sources}", rule.help),
            "markdown": format!("{}\n\n**What to do:** {}\n\n**Sources:**\n{sources}", rule.why, rule.help),
        },
        "defaultConfiguration": { "level": level(rule.level), "enabled": !rule.pedantic },
        "properties": { "tags": [theme] },
    });
    if let Some(address) = address {
        descriptor["helpUri"] = json!(address);
    }
    descriptor
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
        Level::Off => "none",
    }
}

/// The results of one file, with commas between them.
pub fn file(file: &File<'_>, root: &Path) -> String {
    let view = View { lines: file.lines(), artifact: artifact(file.path, root), root };
    let results: Vec<String> = file
        .findings
        .iter()
        .zip(fingerprints("", file.findings))
        .map(|(finding, fingerprint)| to_json(&view.result(finding, &fingerprint)))
        .collect();
    format!("\n{}", results.join(",\n"))
}

/// Where a file is.
fn artifact(path: &str, root: &Path) -> Value {
    let uri = place::uri(path, root);
    if uri.starts_with("file:") { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": ROOT }) }
}

struct View<'a> {
    lines: Lines<'a>,
    artifact: Value,
    root: &'a Path,
}

impl View<'_> {
    fn result(&self, finding: &Finding, fingerprint: &str) -> Value {
        let others = finding.others.iter().map(|label| self.location(label));
        let elsewhere = finding.elsewhere.iter().map(|label| self.elsewhere(label));
        let related: Vec<Value> = others
            .chain(elsewhere)
            .enumerate()
            .map(|(index, mut location)| {
                location["id"] = json!(index + 1);
                location
            })
            .collect();
        let mut result = json!({
            "ruleId": finding.rule,
            "ruleIndex": rules::all().position(|rule| rule.name == finding.rule),
            "level": level(finding.level),
            "message": { "text": finding.message },
            "locations": [self.location(&finding.primary)],
            "relatedLocations": related,
            "partialFingerprints": { "imagelint/v1": fingerprint },
            "properties": {
                "document": finding.document,
                "embeddedPointer": finding.primary.embedded,
                "help": advice(finding),
            },
        });
        if let Some(fix) = &finding.fix {
            result["fixes"] = json!([self.fix(fix)]);
        }
        result
    }

    fn location(&self, label: &Label) -> Value {
        location(&self.artifact, &self.region(label.span), &label.pointer, &label.text)
    }

    fn elsewhere(&self, label: &Elsewhere) -> Value {
        let artifact = artifact(&label.path, self.root);
        location(&artifact, &region(label.start, label.end), &label.pointer, &label.text)
    }

    fn fix(&self, fix: &Fix) -> Value {
        let replacements: Vec<Value> = fix
            .edits
            .iter()
            .map(|edit| json!({ "deletedRegion": self.region(edit.span), "insertedContent": { "text": edit.text } }))
            .collect();
        json!({
            "description": { "text": fix.title },
            "artifactChanges": [{ "artifactLocation": self.artifact, "replacements": replacements }],
            "properties": { "safety": fix.safety.name() },
        })
    }

    fn region(&self, span: Span) -> Value {
        region(self.lines.position(span.start), self.lines.position(span.end))
    }
}

fn region(start: Position, end: Position) -> Value {
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}

fn location(artifact: &Value, region: &Value, pointer: &str, text: &str) -> Value {
    let mut location = json!({
        "physicalLocation": { "artifactLocation": artifact, "region": region },
        "logicalLocations": [{ "fullyQualifiedName": pointer, "kind": kind(pointer) }],
    });
    if !text.is_empty() {
        location["message"] = json!({ "text": text });
    }
    location
}

/// What a pointer leads to, in the standard's words: the document, an item or a member.
fn kind(pointer: &str) -> &'static str {
    match pointer.rsplit_once('/') {
        None => "object",
        Some((_, name)) if name.bytes().all(|byte| byte.is_ascii_digit()) => "value",
        Some(_) => "property",
    }
}
