//! Checks the structure of a payload: every value against its shape.

mod age;
mod members;
mod newer;
#[cfg(test)]
mod oracle;
mod request;
mod values;

use crate::finding::Rule;
use crate::finding::fault::Fault;
use crate::model::release::ModelVersion;
use crate::model::shape::{Kind, Shape};
use crate::rule::Tree;
use crate::text::span::Span;

/// Checks every value of a payload against its shape. With a model, also reports what is newer than that model.
pub(crate) fn check(tree: &Tree<'_>, model: Option<ModelVersion>, faults: &mut Vec<Fault>) {
    let mut structure = Structure { tree, faults, nulls: Vec::new(), ages: Vec::new() };
    if let Some(model) = model {
        newer::note(&mut structure, model);
    }
    for index in tree.indices() {
        structure.check(index);
    }
    members::unknown_members(&mut structure);
    values::nulls(&mut structure);
}

/// A payload and the faults found in its structure so far.
struct Structure<'t, 'd, 'f> {
    tree: &'t Tree<'d>,
    faults: &'f mut Vec<Fault>,
    /// The indices of the nulls, which are reported together.
    nulls: Vec<u32>,
    /// Why the capture may be newer than the models of some dates, as far as it was asked.
    ages: Vec<(&'static str, Option<String>)>,
}

impl Structure<'_, '_, '_> {
    /// Why the capture may be newer than the model of a shape; none if nothing in it says so.
    fn newer_than_model(&mut self, shape: Shape) -> Option<String> {
        let date = shape.model_date();
        if let Some((_, newer)) = self.ages.iter().find(|(known, _)| *known == date) {
            return newer.clone();
        }
        let newer = age::newer_than(self.tree, date);
        self.ages.push((date, newer.clone()));
        newer
    }

    fn report(&mut self, rule: &'static Rule, span: Span, message: impl Into<String>) -> &mut Fault {
        self.faults.push(Fault::new(rule, span, message));
        self.faults.last_mut().expect("a fault was pushed")
    }

    /// Checks one value.
    fn check(&mut self, index: u32) {
        let entry = self.tree.entry(index);
        let kind = entry.shape.kind();
        if !entry.fits {
            if entry.value.is_null() {
                self.nulls.push(index);
            } else {
                values::wrong_type(self, &entry);
            }
            return;
        }
        match kind {
            Kind::Structure { required, .. } => members::required(self, index, &entry, required),
            Kind::Map { count, key, .. } => {
                values::count(self, &entry, *count);
                for member in entry.value.members() {
                    values::key(self, *key, member);
                }
            }
            Kind::List { count, .. } => values::count(self, &entry, *count),
            Kind::Text { .. } => {
                let text = entry.value.text().unwrap_or_default();
                match self.tree.masks_of(index) {
                    [] => values::text(self, entry.shape, text, entry.value.span()),
                    _ if self.tree.is_request() => {}
                    _ => values::masked_text(self, entry.shape, text, entry.value.span()),
                }
            }
            Kind::Integer { .. } | Kind::Number { .. } => values::number(self, &entry),
            Kind::Boolean | Kind::Timestamp | Kind::Any => {}
        }
    }
}
