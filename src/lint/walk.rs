//! The one recursive walk over a payload: it checks structure at every node and then calls the
//! rules registered for the node's shape. Knows no file and no format.

use jsonc_parser::ast::ObjectProp;

use crate::document::{Document, Value, key_of, member, name_of};
use crate::finding::Finding;
use crate::lint::structure;
use crate::model::release::ModelVersion;
use crate::model::shape::{Kind, Member, Shape};
use crate::recognise::envelope::RESPONSE_METADATA;
use crate::recognise::kind::is_of_client;
use crate::recognise::payload::Payload;
use crate::rule::Rule;
use crate::rule::context::Context;
use crate::rule::node::Node;

/// The enabled rules by the shape they run on.
#[derive(Debug)]
pub struct Registry {
    by_shape: Vec<Vec<&'static Rule>>,
}

impl Registry {
    /// Registers the rules given.
    pub fn new(rules: impl Iterator<Item = &'static Rule>) -> Self {
        let mut by_shape = vec![Vec::new(); Shape::Payload as usize + 1];
        let derived: Vec<Shape> = Shape::all().map(|(shape, _)| shape).filter(|shape| shape.base() != *shape).collect();
        for rule in rules {
            for shape in rule.on {
                by_shape[*shape as usize].push(rule);
                for other in derived.iter().filter(|other| other.base() == *shape) {
                    by_shape[*other as usize].push(rule);
                }
            }
        }
        Registry { by_shape }
    }

    fn on(&self, shape: Shape) -> &[&'static Rule] {
        &self.by_shape[shape as usize]
    }
}

/// Walks a payload and returns what is wrong with it, and what is newer than a model that is asked for.
pub fn walk<'d>(
    document: &'d Document<'d>,
    payload: &Payload<'d>,
    registry: &Registry,
    model: Option<ModelVersion>,
) -> Vec<Finding> {
    let mut walk = Walk { context: Context::new(document, payload, model), registry };
    let root = payload.root(document);
    structure::newer_payload(root, &mut walk.context);
    walk.visit(root);
    structure::dumps(&mut walk.context);
    walk.run(Shape::Payload, root);
    walk.context.into_findings()
}

struct Walk<'d, 'r> {
    context: Context<'d>,
    registry: &'r Registry,
}

impl<'d> Walk<'d, '_> {
    fn run(&mut self, shape: Shape, node: Node<'d>) {
        for rule in self.registry.on(shape) {
            self.context.speak_for(rule.name, rule.level);
            (rule.check)(node, &mut self.context);
        }
    }

    fn visit(&mut self, node: Node<'d>) {
        let context = &mut self.context;
        match (node.exact_shape().kind(), node.value()) {
            (Kind::Any, _)
            | (Kind::Boolean, Value::BooleanLit(_))
            | (Kind::Timestamp, Value::NumberLit(_) | Value::StringLit(_)) => {}
            (_, Value::NullKeyword(_)) => return structure::null(node, context),
            (Kind::Structure { required, .. }, Value::Object(object)) => {
                context.enter(node);
                let model = self.context.model();
                for property in &object.properties {
                    if let Some(member) = self.meant(node, property) {
                        structure::newer_member(node, property, member.name, &mut self.context);
                        self.visit(node.child(property, member.name, member.shape));
                    }
                    self.context.set_model(model);
                }
                self.context.leave();
                structure::required(node, required, &mut self.context);
            }
            (Kind::Map { key, value, count }, Value::Object(object)) => {
                structure::count(node, object.properties.len(), *count, context);
                context.enter(node);
                for property in &object.properties {
                    structure::map_key(key_of(property), *key, &mut self.context);
                    self.visit(node.child(property, "", *value));
                }
                self.context.leave();
            }
            (Kind::List { item, count }, Value::Array(array)) => {
                structure::count(node, array.elements.len(), *count, context);
                context.enter(node);
                for element in &array.elements {
                    self.visit(node.item(element, *item));
                }
                self.context.leave();
            }
            (Kind::Text { .. }, Value::StringLit(string)) => {
                context.note_text(node, &string.value);
                structure::text(node, &string.value, context);
            }
            (Kind::Integer { .. } | Kind::Number { .. }, Value::NumberLit(number)) => {
                context.note_number(number.value);
                structure::number(node, number.value, context);
            }
            // placebo writes out Python's datetime.
            (Kind::Timestamp, Value::Object(object)) if member(object, "__class__").is_some() => {}
            _ => return structure::wrong_type(node, context),
        }
        self.run(node.exact_shape(), node);
    }

    /// The member that a key names or, misspelt, means; reports keys that are not in the model.
    fn meant(&mut self, node: Node<'d>, property: &'d ObjectProp<'d>) -> Option<&'static Member> {
        let name = name_of(property);
        let member = node.exact_shape().member(name);
        if member.is_some() {
            return member;
        }
        let at_root = self.context.ancestors().nth(1).is_none();
        if at_root && name == RESPONSE_METADATA.name {
            return Some(&RESPONSE_METADATA);
        }
        if node.exact_shape().is_open() || (at_root && is_of_client(name)) {
            return None;
        }
        structure::unknown(node, property, &mut self.context)
    }
}
