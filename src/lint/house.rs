//! House schemas: a team's own JSON Schemas, checked in addition to the rules. Schemas and what they refer to are
//! local files; nothing is downloaded.

mod budget;
mod values;

use std::collections::HashSet;
use std::error::Error;
use std::path::{Path, PathBuf};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ReferencingError, Retrieve, Uri, ValidationError, Validator, meta};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Number, Value as Json};

use crate::document::secret::{self, may_be_quoted, quoted};
use crate::document::{Content, Document, Member, Value, tokens};
use crate::files::read_whole;
use crate::finding::fault::Fault as DocumentFault;
use crate::finding::{Level, Rule};
use crate::lint::house::values::Values;
use crate::lint::linter::PayloadCheck;
use crate::model::shape;
use crate::recognise::Payload;
use crate::recognise::kind::Kind;
use crate::rules::house_schema::HOUSE_SCHEMA;
use crate::text::quote::counted;
use crate::text::span::{Span, SpanSet};

/// A team's JSON Schema and the kinds that it applies to.
#[derive(Debug)]
pub(crate) struct HouseSchema {
    /// The path of the file, as the settings name it.
    pub name: String,
    /// The kinds of documents that it applies to.
    pub kinds: Vec<&'static Kind>,
    /// The level of its findings.
    pub level: Level,
    validator: Validator,
}

impl HouseSchema {
    /// Reads and compiles a schema with the local files that it refers to.
    ///
    /// # Errors
    ///
    /// If one of them cannot be read, is no JSON Schema, or is not a local file.
    pub(crate) fn load(path: &Path, name: &str, kinds: Vec<&'static Kind>, level: Level) -> Result<Self, String> {
        let schema = read(path).map_err(|error| format!("`{name}`: {error}"))?;
        budget::check(&schema).map_err(|error| format!("`{name}`: {error}"))?;
        let options = jsonschema::options().with_base_uri(address(path)).with_retriever(LocalFiles);
        let built = options.should_validate_formats(true).build(&schema);
        let validator = built.map_err(|error| format!("`{name}` is no usable JSON Schema: {}", described(&error)))?;
        Ok(HouseSchema { name: name.to_owned(), kinds, level, validator })
    }
}

impl PayloadCheck for HouseSchema {
    fn rule(&self) -> &'static Rule {
        &HOUSE_SCHEMA
    }

    /// The faults that the schema finds in a payload; none if it does not apply to the payload's kind.
    fn check(&self, document: &Document<'_>, payload: &Payload<'_>) -> Vec<DocumentFault> {
        if !self.kinds.contains(&payload.kind) {
            return Vec::new();
        }
        let instance = to_json(payload.value);
        let mut errors = self.validator.iter_errors(&instance).peekable();
        if errors.peek().is_none() {
            return Vec::new();
        }
        let converter = Converter {
            schema: self,
            document,
            payload,
            secrets: SpanSet::of(secret::of_document(document)),
            values: Values::new(payload.value),
        };
        // A schema that is referred to several times may report the same fault several times.
        let mut reported = HashSet::new();
        let mut faults: Vec<DocumentFault> = errors.flat_map(|error| converter.faults(&error)).collect();
        faults.retain(|fault| reported.insert((fault.primary.span, fault.message.clone())));
        faults
    }
}

/// The message for a schema that cannot be used.
fn described(error: &ValidationError<'_>) -> String {
    match error.kind() {
        ValidationErrorKind::Referencing(ReferencingError::Unretrievable { uri, source }) => {
            format!("`{uri}` cannot be used: {source}")
        }
        ValidationErrorKind::Referencing(error) => error.to_string(),
        ValidationErrorKind::AnyOf { context } => {
            match context.iter().filter_map(|errors| errors.first()).max_by_key(|error| likelihood(error)) {
                Some(error) => described(error),
                None => described_with_pointer(error),
            }
        }
        _ => described_with_pointer(error),
    }
}

/// Ranks the alternatives of `anyOf`: an error deep in the value, or not about its type, suggests that the
/// alternative is the one that was meant.
fn likelihood(error: &ValidationError<'_>) -> (usize, bool) {
    (error.instance_path().as_str().len(), !matches!(error.kind(), ValidationErrorKind::Type { .. }))
}

/// The message for an error in a schema, with the pointer to it.
fn described_with_pointer(error: &ValidationError<'_>) -> String {
    let value = match error.instance().as_ref() {
        Json::Object(_) => "this object".to_owned(),
        Json::Array(_) => "this array".to_owned(),
        value => written(value),
    };
    let fault = fault(&value, error);
    match error.instance_path().as_str() {
        "" => fault,
        pointer => format!("at `{pointer}`, {fault}"),
    }
}

fn read(path: &Path) -> Result<Json, Box<dyn Error + Send + Sync>> {
    let bytes = read_whole(path)?;
    Ok(serde_json::from_slice(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes))?)
}

/// The `file:` URL of an absolute path.
fn address(path: &Path) -> String {
    const ESCAPED: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let path = path.to_string_lossy();
    let path = if cfg!(windows) { format!("/{}", path.replace('\\', "/")) } else { path.into_owned() };
    format!("file://{}", utf8_percent_encode(&path, &ESCAPED))
}

/// Reads the schemas that schemas refer to; refuses everything but local files.
struct LocalFiles;

impl Retrieve for LocalFiles {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Json, Box<dyn Error + Send + Sync>> {
        let local = uri.as_str().strip_prefix("file://").filter(|path| path.starts_with('/'));
        let path = local.ok_or("house schemas refer to local files only")?;
        let path = percent_decode_str(path).decode_utf8()?;
        let schema = read(&PathBuf::from(if cfg!(windows) { &path[1..] } else { &path }))?;
        // An error in here would be reported later without the name of the file.
        if let Ok(draft) = meta::validator_for(&schema) {
            draft.validate(&schema).map_err(|error| format!("it is no JSON Schema: {}", described(&error)))?;
        }
        Ok(schema)
    }
}

/// Converts a value for the validator. Of several members of one name the first counts, as everywhere. A number
/// that no `f64` can hold becomes the greatest one.
fn to_json(value: Value<'_>) -> Json {
    match value.content() {
        Content::Object => {
            let mut members = Map::new();
            for member in value.members() {
                members.entry(member.name()).or_insert_with(|| to_json(member.value()));
            }
            Json::Object(members)
        }
        Content::Array => value.items().map(to_json).collect(),
        Content::String(text) => Json::from(text),
        Content::Number(number) => {
            let greatest = if number.starts_with('-') { f64::MIN } else { f64::MAX };
            serde_json::from_str::<Number>(number).map_or_else(|_| Json::from(greatest), Json::from)
        }
        Content::Boolean(boolean) => Json::from(boolean),
        Content::Null => Json::Null,
    }
}

/// Converts errors of the validator to faults of a payload.
struct Converter<'v> {
    schema: &'v HouseSchema,
    document: &'v Document<'v>,
    payload: &'v Payload<'v>,
    secrets: SpanSet,
    values: Values<'v>,
}

impl Converter<'_> {
    /// The faults for one error: one for each member if it is about several.
    fn faults(&self, error: &ValidationError<'_>) -> Vec<DocumentFault> {
        use ValidationErrorKind as Fault;
        let pointer = error.instance_path().as_str();
        let path = error.evaluation_path().as_str();
        let value = self.values.at(pointer).unwrap_or(self.payload.value);
        let key = |name: &str| self.values.member(value, name).map_or(value.opening(), Member::key_span);
        let found = |span: Span, message: String| {
            let mut fault = DocumentFault::new(&HOUSE_SCHEMA, span, message);
            fault.level(self.schema.level).help(match path {
                // Only a schema that is just `false` reports errors without a keyword.
                "" => format!("`{}` is `false`: it allows no document", self.schema.name),
                path => format!("`{}` asks for this at `{path}`", self.schema.name),
            });
            fault
        };
        let unexpected_member =
            |name: &str| found(key(name), format!("member `{}` is not expected here", quoted(name)));
        match error.kind() {
            Fault::AdditionalProperties { unexpected } | Fault::UnevaluatedProperties { unexpected } => {
                unexpected.iter().map(|name| unexpected_member(name)).collect()
            }
            // `additionalProperties: false` without `properties` is reported for the object, not for its members.
            Fault::FalseSchema if path.ends_with("/additionalProperties") && !value.is_empty() => {
                value.members().map(|member| unexpected_member(member.name())).collect()
            }
            Fault::PropertyNames { error } => {
                let name = error.instance().as_str().unwrap_or_default();
                let message = format!("the key `{}` is not as expected: {}", quoted(name), fault("it", error));
                vec![found(key(name), message)]
            }
            _ => {
                let is_whole = value.is_object() || value.is_array();
                let span = if is_whole { value.opening() } else { value.span() };
                let mut message = fault(&self.named(value, pointer), error);
                if let Fault::AnyOf { context } | Fault::OneOfNotValid { context } = error.kind() {
                    message.push_str(&self.alternatives(context, pointer));
                }
                vec![found(span, message)]
            }
        }
    }

    /// The first error of each alternative of a value, with the pointer from the value to it.
    fn alternatives(&self, context: &[Vec<ValidationError<'_>>], above: &str) -> String {
        let first = |errors: &Vec<ValidationError<'_>>| {
            let error = errors.first()?;
            let pointer = error.instance_path().as_str();
            let value = self.values.at(pointer)?;
            let fault = fault(&self.named(value, pointer), error);
            let below = pointer.strip_prefix(above).filter(|below| !below.is_empty());
            Some(below.map_or(fault.clone(), |below| format!("at `{}` {fault}", quoted(below))))
        };
        let faults: Vec<String> = context.iter().filter_map(first).collect();
        if faults.is_empty() { String::new() } else { format!(": {}", faults.join("; or ")) }
    }

    /// How a message names a value: quoted, unless it is an object, an array or must not be printed.
    fn named(&self, value: Value<'_>, pointer: &str) -> String {
        let span = value.span();
        let is_secret = self.secrets.overlaps(span);
        match value.content() {
            Content::Object => "this object".to_owned(),
            Content::Array => "this array".to_owned(),
            _ if is_secret || !self.is_quotable(pointer) => "this value".to_owned(),
            Content::String(text) => format!("`{}`", quoted(text)),
            _ => format!("`{}`", quoted(&self.document.text[span.range()])),
        }
    }

    /// Whether messages may quote the value, by the shape that its pointer leads to.
    fn is_quotable(&self, pointer: &str) -> bool {
        let mut shape = self.payload.shape;
        for token in tokens(pointer) {
            let inner = match shape.kind() {
                shape::Kind::Structure { .. } => shape.member(&token).or_else(|| shape.near_member(&token)),
                shape::Kind::List { item, .. } => {
                    shape = *item;
                    continue;
                }
                shape::Kind::Map { value, .. } => {
                    shape = *value;
                    continue;
                }
                _ => None,
            };
            let Some(member) = inner else {
                break;
            };
            shape = member.shape;
        }
        may_be_quoted(shape)
    }
}

/// The message for an error. `value` is how the message names the value that it is about.
fn fault(value: &str, error: &ValidationError<'_>) -> String {
    use ValidationErrorKind as Fault;
    match error.kind() {
        Fault::Required { property } => {
            format!("member `{}` is missing", quoted(property.as_str().unwrap_or_default()))
        }
        Fault::Type { kind } => {
            let found = type_of(error.instance());
            // "this object is an object" would be odd.
            let value =
                if matches!(error.instance().as_ref(), Json::Object(_) | Json::Array(_)) { "this" } else { value };
            format!("{value} is {found}; {} was expected", types(kind))
        }
        Fault::Enum { options } => {
            let options: Vec<String> = options.as_array().into_iter().flatten().map(written).collect();
            format!("{value} is none of {}", options.join(", "))
        }
        Fault::Constant { expected_value } => format!("{value} is not {}", written(expected_value)),
        Fault::Pattern { pattern } => format!("{value} does not match the pattern `{pattern}`"),
        Fault::Format { format } => format!("{value} is not of the format `{format}`"),
        Fault::MinLength { limit } => format!("{value} is shorter than {}", counted(*limit, "character")),
        Fault::MaxLength { limit } => format!("{value} is longer than {}", counted(*limit, "character")),
        Fault::Minimum { limit } => format!("{value} is less than {limit}"),
        Fault::Maximum { limit } => format!("{value} is more than {limit}"),
        Fault::ExclusiveMinimum { limit } => format!("{value} is not more than {limit}"),
        Fault::ExclusiveMaximum { limit } => format!("{value} is not less than {limit}"),
        Fault::MultipleOf { multiple_of } => format!("{value} is no multiple of {multiple_of}"),
        Fault::MinItems { limit } => format!("{value} has {}; at least {limit} were expected", size(error, "item")),
        Fault::MaxItems { limit } => format!("{value} has {}; at most {limit} were expected", size(error, "item")),
        Fault::AdditionalItems { limit } => {
            format!("{value} has {}; at most {limit} were expected", size(error, "item"))
        }
        Fault::MinProperties { limit } => {
            format!("{value} has {}; at least {limit} were expected", size(error, "member"))
        }
        Fault::MaxProperties { limit } => {
            format!("{value} has {}; at most {limit} were expected", size(error, "member"))
        }
        Fault::UniqueItems => format!("{value} holds an item twice"),
        Fault::Contains => format!("{value} lacks an item that it must have, or has too many of them"),
        Fault::FalseSchema => format!("{value} is not expected here"),
        Fault::AnyOf { .. } | Fault::OneOfNotValid { .. } => format!("{value} fits none of the alternatives"),
        Fault::OneOfMultipleValid { .. } => {
            format!("{value} fits several of the alternatives; exactly one was expected")
        }
        Fault::Not { .. } => format!("{value} is what the schema rules out"),
        other => format!("{value} does not satisfy `{}`", other.keyword()),
    }
}

fn size(error: &ValidationError<'_>, noun: &str) -> String {
    let size = match error.instance().as_ref() {
        Json::Array(items) => items.len(),
        Json::Object(members) => members.len(),
        _ => 0,
    };
    counted(size, noun)
}

/// A value of the schema in backquotes.
fn written(value: &Json) -> String {
    format!("`{}`", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

fn types(kind: &TypeKind) -> String {
    let name = |kind: JsonType| match kind {
        JsonType::Null => "null",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Number => "a number",
        JsonType::String => "a string",
        JsonType::Array => "an array",
        JsonType::Object => "an object",
    };
    match kind {
        TypeKind::Single(kind) => name(*kind).to_owned(),
        TypeKind::Multiple(kinds) => kinds.iter().map(name).collect::<Vec<_>>().join(" or "),
    }
}
