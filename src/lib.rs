//! imagelint checks captured EC2 Image Builder documents against what AWS documents about them.
//!
//! ```
//! let capture = r#"{"image": {"arn": "arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1", "platform": "linux"}}"#;
//! for finding in imagelint::lint(capture) {
//!     println!("{}: {}", finding.location().pointer(), finding.message());
//! }
//! ```
//!
//! A [`Linter`] applies [`Settings`] to the contents of a file and returns [`Checked`]: the [`Finding`]s, and
//! methods to render them as a report in any [`Format`]. The library opens no file and no connection; the one
//! exception is house schemas, which settings name as local files.
//!
//! # Features
//!
//! All are on by default.
//!
//! * `cli`: the program, with its arguments, files, threads and terminal.
//! * `human`: excerpts with carets, drawn by annotate-snippets; findings are diagnostics of miette's.
//! * `lsp`: the language server of the program.
//! * `house-schemas`: a team's own JSON Schemas, checked by the `jsonschema` crate.
//!
//! # How it works
//!
//! The flow of data is the architecture; each folder of the source knows only those below it.
//!
//! ```text
//! bytes ─> Text ─> Document ─> Payload ─> Tree ─> Fault ─> Finding ─> report
//!          document/           recognise/  rule/   lint/              report/
//! ```
//!
//! * `document/`: decodes bytes, finds the documents in a text and reads each into one tree that carries a
//!   span for every value and key. Text that is not JSON is a document with faults in it.
//! * `recognise/`: unwraps envelopes and finds the kind of each payload by its keys.
//! * `model/`: the structure of the documents as constant tables and types, generated from `schemas/` when
//!   the crate is built.
//! * `rule/` and `rules/`: what a rule is, and the rules, one file for each theme.
//! * `lint/`: rewrites what an SDK wrote down in the API's spelling (`lint/spelling/`), checks structure, runs the
//!   rules on the nodes of their shapes, drops the faults that a more specific rule replaces, and turns the others
//!   into findings.
//! * `settings/`, `report/`, `catalogue/`: the settings of `imagelint.toml`, the formats of reports, and what the
//!   program lists: rules, kinds and their schemas.
//! * `run/`, `lsp/` and `cli/`: the program: inputs, threads, fixes of files, comparisons of documents; the language
//!   server; arguments.

// Without `cli`, what only the program uses is unused: that is not marked item by item.
#![cfg_attr(not(all(feature = "cli", feature = "house-schemas", feature = "lsp")), allow(dead_code, unused_imports))]

mod aws;
mod catalogue;
#[cfg(feature = "cli")]
mod cli;
mod document;
#[cfg(any(feature = "cli", feature = "house-schemas"))]
mod files;
mod finding;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod library;
mod lint;
#[cfg(feature = "lsp")]
mod lsp;
mod model;
mod recognise;
mod report;
mod rule;
mod rules;
#[cfg(feature = "cli")]
mod run;
mod settings;
mod text;

#[cfg(test)]
mod api;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod repository;

#[cfg(feature = "cli")]
pub use cli::main;
pub use finding::fix::{Edit, Fix, Safety};
pub use finding::{Finding, Label, Level, Location, Rule};
pub use library::{Checked, Format, Linter, Mistakes, Needs, Payload, explain, lint, rules, schema};
pub use settings::Settings;
pub use text::lines::Position;
