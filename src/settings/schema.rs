//! The JSON Schema of `imagelint.toml`, with which editors complete and check it.

use serde_json::{Map, Value, json};

use crate::finding::Level;
use crate::recognise::kind::kinds;
use crate::rules;

/// The schema, as `schemas/settings.json` holds it.
pub fn schema() -> String {
    let level = |rule: &crate::rule::Rule| json!({ "$ref": "#/$defs/level", "description": rule.summary });
    let levels: Map<String, Value> = rules::all().map(|rule| (rule.name.to_owned(), level(rule))).collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "imagelint.toml",
        "description": "The settings of imagelint. The command line overrides them. Paths and globs are relative to \
                        the folder of the file and written with `/`.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "fail-on": {
                "description": "The least level that fails a run; `error` where nothing else is said.",
                "enum": ["error", "warning", "info"]
            },
            "pedantic": { "description": "Whether the rules run that are off by default.", "type": "boolean" },
            "exclude": {
                "description": "Globs of files and folders that are not checked.",
                "type": "array",
                "items": { "$ref": "#/$defs/glob" }
            },
            "baseline": {
                "description": "The file that holds the findings which are known and not reported again.",
                "type": "string",
                "minLength": 1
            },
            "model": {
                "description": "The version of botocore whose model of the service the readers of the documents have; \
                                what came later is noted. The newest that is known where it is left out.",
                "type": "string",
                "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+$"
            },
            "levels": {
                "description": "The levels of rules.",
                "type": "object",
                "additionalProperties": false,
                "properties": levels
            },
            "ignore": {
                "description": "Findings that are not reported.",
                "type": "array",
                "items": ignore()
            },
            "house-schema": {
                "description": "JSON Schemas of your own, checked beside the rules.",
                "type": "array",
                "items": house()
            }
        },
        "$defs": {
            "level": { "enum": Level::ALL.map(Level::name) },
            "rule": { "enum": rules::all().map(|rule| rule.name).collect::<Vec<_>>() },
            "kind": { "enum": kinds().map(|kind| kind.name).collect::<Vec<_>>() },
            "glob": { "type": "string", "minLength": 1 }
        }
    });
    serde_json::to_string_pretty(&schema).expect("a JSON value") + "\n"
}

fn ignore() -> Value {
    json!({
        "type": "object",
        "required": ["rule", "reason"],
        "additionalProperties": false,
        "properties": {
            "rule": { "description": "The rule whose findings are ignored.", "$ref": "#/$defs/rule" },
            "path": { "description": "A glob of the files in which; all where it is left out.", "$ref": "#/$defs/glob" },
            "pointer": {
                "description": "A pattern for the JSON pointers at which: `*` stands for one token, `**` for any number.",
                "type": "string",
                "pattern": "^(/([^~]|~[01])*)?$"
            },
            "reason": { "description": "Why.", "type": "string", "pattern": "\\S" },
            "expires": {
                "description": "The last day on which the findings are ignored.",
                "type": "string",
                "format": "date"
            }
        }
    })
}

fn house() -> Value {
    json!({
        "type": "object",
        "required": ["file", "kinds"],
        "additionalProperties": false,
        "properties": {
            "file": { "description": "The JSON Schema, which refers to local files only.", "type": "string" },
            "kinds": {
                "description": "The kinds of documents that it is for; `imagelint kinds` lists them.",
                "type": "array",
                "minItems": 1,
                "items": { "$ref": "#/$defs/kind" }
            },
            "level": { "description": "The level of its findings; `error` where it is left out.", "$ref": "#/$defs/level" }
        }
    })
}
