//! The rule under which the linter reports findings of house schemas.

use crate::finding::Rule;

pub(super) static RULES: &[&Rule] = &[&HOUSE_SCHEMA];

pub(crate) static HOUSE_SCHEMA: Rule = Rule {
    name: "house-schema",
    summary: "a document satisfies the JSON Schemas that `imagelint.toml` names for its kind",
    why: "A team may ask more of its images than AWS does: tags, name prefixes, regions. It writes that as a JSON \
          Schema, and a `[[house-schema]]` entry in `imagelint.toml` names the file and the kinds of documents. \
          Without such an entry the rule has nothing to check.",
    help: "the team's own JSON Schema asks for this; see `[[house-schema]]` in `imagelint.toml`",
    source: &["https://json-schema.org/specification"],
    ..Rule::BASE
};
