//! imagelint checks captured EC2 Image Builder documents against what AWS documents about them.
//!
//! The flow of data is the architecture:
//!
//! ```text
//! bytes ─> Text ─> Document ─> Payloads ─> walk ─> Findings ─> levels ─> report
//! ```
//!
//! * [`stream`] and [`split`]: read inputs, the large ones in blocks, and find the documents in them.
//! * [`document`]: decodes bytes and reads a text into one tree that carries a [`span`] for every value
//!   and key. Text that is not JSON is a document with [`syntax`] findings in it.
//! * [`payload`]: unwraps each [`envelope`] and tells the [`kind`] of each payload by its keys.
//! * [`shape`]: constant tables of the documents' structure, generated from `schemas/` at build time;
//!   [`release`]: since when its parts exist.
//! * [`walk`]: the one recursive walk. At each node it checks [`structure`] and then calls the rules
//!   registered for the node's shape.
//! * [`rules`]: the rules, values of [`rule::Rule`], one file per theme. They see a [`node::Node`]
//!   and report to a [`context::Context`]; [`aws`] is their vocabulary.
//! * [`finding`] and [`fix`]: what is wrong, where, and the edit that mends it.
//! * [`quote`], [`secret`] and [`suggest`]: what messages may say of a value, and what was meant by it;
//!   [`literal`] and [`lines`]: where things stand in strings and texts.
//! * [`pairing`], [`claim`] and [`across`]: rules that hold documents of one run against each other.
//! * [`levels`] and [`lint`]: which rules run and at which level they report; [`settings`]: who says so,
//!   what `imagelint.toml` leaves out or ignores, and the [`house`] schemas that it names.
//! * [`mend`] and [`repair`]: fixes made, on a text and on files.
//! * [`baseline`]: findings of an earlier run, which are not reported again.
//! * [`report`]: findings printed, one file per format; [`replace`] writes their files.
//! * [`inventory`], [`page`] and [`export`]: what there is: rules and kinds, the page about each rule,
//!   the schema of each kind.
//! * [`discover`], [`run`], [`check`], [`streams`] and [`cli`]: which inputs there are, how they are
//!   dealt with, and what the command line asks for.

pub mod aws;
pub mod catalogue;
pub mod cli;
pub mod document;
pub mod finding;
pub mod lint;
pub mod model;
pub mod recognise;
pub mod report;
pub mod rule;
pub mod rules;
pub mod run;
pub mod settings;
pub mod text;
