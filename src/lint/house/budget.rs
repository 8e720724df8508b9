//! Refuses schemas that take too long for any document: whose alternatives lead to the same schemas in very many ways.

use std::collections::HashMap;

use serde_json::Value as Json;

/// In how many ways a schema may lead to others.
const MOST: u64 = 1_000_000;

/// Whether a schema can be checked in a reasonable time.
///
/// # Errors
///
/// If its references lead to the same schemas in too many ways.
pub(super) fn check(schema: &Json) -> Result<(), String> {
    let mut ways = Ways { root: schema, of_references: HashMap::new() };
    if ways.of(schema) > MOST {
        return Err(format!("its references lead to the same schemas in more than {MOST} ways, which takes too long"));
    }
    Ok(())
}

/// Counts the schemas that are applied if each reference is followed.
struct Ways<'s> {
    root: &'s Json,
    /// None for a reference that is being followed: a schema may refer to itself.
    of_references: HashMap<&'s str, Option<u64>>,
}

impl<'s> Ways<'s> {
    fn of(&mut self, schema: &'s Json) -> u64 {
        match schema {
            Json::Object(members) => members.iter().fold(1, |sum: u64, (name, value)| match (name.as_str(), value) {
                ("$ref", Json::String(reference)) => sum.saturating_add(self.of_reference(reference)),
                // Definitions count where they are referred to; these keywords hold no schemas.
                ("$defs" | "definitions" | "enum" | "const" | "default" | "examples", _) => sum,
                _ => sum.saturating_add(self.of(value)),
            }),
            Json::Array(items) => items.iter().fold(0, |sum: u64, item| sum.saturating_add(self.of(item))),
            _ => 0,
        }
    }

    fn of_reference(&mut self, reference: &'s str) -> u64 {
        if let Some(known) = self.of_references.get(reference) {
            return known.unwrap_or(0);
        }
        let Some(schema) = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer)) else {
            return 0;
        };
        self.of_references.insert(reference, None);
        let ways = self.of(schema);
        self.of_references.insert(reference, Some(ways));
        ways
    }
}
