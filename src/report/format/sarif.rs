//! SARIF 2.1.0, for code scanning services and editors: one run with all rules.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::finding::fix::Fix;
use crate::finding::{Finding, Label, Level, Rule};
use crate::model::shape::MODEL;
use crate::report::fingerprint::fingerprints;
use crate::report::format::json::to_json;
use crate::report::format::{Joined, Layout};
use crate::report::{Entry, Format, Fragment, Source, Summary, paths};
use crate::rules::{self, THEMES};
use crate::text::lines::{Lines, Position};

pub(super) static SARIF: Entry = Entry {
    name: "sarif",
    summary: "SARIF 2.1.0, for code scanning",
    make: |options| Box::new(Sarif { root: options.root }),
};

struct Sarif {
    root: PathBuf,
}

/// The name of the folder that URIs are relative to.
const ROOT: &str = "%SRCROOT%";

impl Format for Sarif {
    fn opening(&self) -> String {
        let rules: Vec<Value> =
            THEMES.iter().flat_map(|theme| theme.iter().map(|rule| descriptor(rule, theme.name))).collect();
        let driver = json!({
            "name": "imagelint",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
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

    fn fragment(&self, source: &Source<'_>) -> Fragment {
        let view = View { lines: source.lines(), artifact: artifact(source.path, &self.root), root: &self.root };
        let mut fingerprints = fingerprints("", source.findings).into_iter();
        Fragment::of(source.findings, |report, finding| {
            let fingerprint = fingerprints.next().unwrap_or_default();
            report.push_str(if report.is_empty() { "\n" } else { ",\n" });
            report.push_str(&to_json(&view.result(finding, &fingerprint)));
        })
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Joined::by(","))
    }

    fn closing(&self, summary: &Summary) -> String {
        let notifications: Vec<Value> = summary
            .unreadable
            .iter()
            .map(|unreadable| {
                let artifact = artifact(&unreadable.path, &self.root);
                json!({
                    "level": "error",
                    "message": { "text": unreadable.error },
                    "locations": [{ "physicalLocation": { "artifactLocation": artifact } }],
                })
            })
            .collect();
        let invocation = json!({
            "executionSuccessful": notifications.is_empty(),
            "toolExecutionNotifications": notifications,
        });
        format!("\n],\"invocations\":[{}]}}]}}\n", to_json(&invocation))
    }
}

fn descriptor(rule: &Rule, theme: &str) -> Value {
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
        "properties": { "tags": std::iter::once(&theme).chain(rule.tags).collect::<Vec<_>>() },
    });
    if let Some(page) = rule.page() {
        descriptor["helpUri"] = json!(page);
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

/// The location of a file.
fn artifact(path: &str, root: &Path) -> Value {
    let uri = paths::uri(path, root);
    if uri.starts_with("file:") { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": ROOT }) }
}

struct View<'a> {
    lines: Lines<'a>,
    artifact: Value,
    root: &'a Path,
}

impl View<'_> {
    fn result(&self, finding: &Finding, fingerprint: &str) -> Value {
        let related: Vec<Value> = finding
            .labels()
            .skip(1)
            .enumerate()
            .map(|(index, label)| {
                let mut location = self.location(label);
                location["id"] = json!(index + 1);
                location
            })
            .collect();
        let mut result = json!({
            "ruleId": finding.rule.name,
            "ruleIndex": rules::all().position(|rule| rule == finding.rule),
            "level": level(finding.level),
            "message": { "text": finding.message },
            "locations": [self.location(&finding.primary)],
            "relatedLocations": related,
            "partialFingerprints": { "imagelint/v1": fingerprint },
            "properties": {
                "document": finding.document,
                "embeddedPointer": finding.location().embedded_pointer(),
                "help": finding.help(),
            },
        });
        if let Some(fix) = finding.printable_fix() {
            result["fixes"] = json!([self.fix(fix)]);
        }
        result
    }

    fn location(&self, label: &Label) -> Value {
        let other = label.other_file().map(|path| artifact(path, self.root));
        let region = region(label.location.start, label.location.end);
        let pointer = label.location.pointer();
        let mut location = json!({
            "physicalLocation": { "artifactLocation": other.as_ref().unwrap_or(&self.artifact), "region": region },
            "logicalLocations": [{ "fullyQualifiedName": pointer, "kind": kind(pointer) }],
        });
        if !label.text.is_empty() {
            location["message"] = json!({ "text": label.text });
        }
        location
    }

    fn fix(&self, fix: &Fix) -> Value {
        let replacements: Vec<Value> = fix
            .edits
            .iter()
            .map(|edit| {
                let region = region(self.lines.position(edit.span.start), self.lines.position(edit.span.end));
                json!({ "deletedRegion": region, "insertedContent": { "text": edit.text } })
            })
            .collect();
        json!({
            "description": { "text": fix.title },
            "artifactChanges": [{ "artifactLocation": self.artifact, "replacements": replacements }],
            "properties": { "safety": fix.safety.name() },
        })
    }
}

fn region(start: Position, end: Position) -> Value {
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}

/// The kind of the value at a pointer, in the terms of SARIF: the document, an item or a member.
fn kind(pointer: &str) -> &'static str {
    match pointer.rsplit_once('/') {
        None => "object",
        Some((_, name)) if name.bytes().all(|byte| byte.is_ascii_digit()) => "value",
        Some(_) => "property",
    }
}
