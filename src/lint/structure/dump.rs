//! Reports a dump of an SDK whose names are in another style, such as snake_case, once instead of at every key.

use crate::document::secret::quoted;
use crate::finding::fix::{Edit, Fix};
use crate::lint::structure::Structure;
use crate::lint::structure::members::{Recased, report_misspelt};
use crate::rules::structure::MEMBER_NAME_CASE;

/// Whether a key is the name of a member in snake_case or PascalCase.
pub(super) fn is_recased(key: &str, name: &str) -> bool {
    is_snake_case(key) || is_pascal_case(key, name)
}

fn is_snake_case(key: &str) -> bool {
    key.contains('_') && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn is_pascal_case(key: &str, name: &str) -> bool {
    let (mut key, mut name) = (key.chars(), name.chars());
    key.next() == name.next().map(|first| first.to_ascii_uppercase()) && key.as_str() == name.as_str()
}

/// A source of documents with names in another style.
struct Dump {
    /// From how many names in that style on a document is reported as a dump.
    least: usize,
    /// What the document is, for the message.
    summary: &'static str,
    /// The style of its names.
    style: &'static str,
    help: &'static str,
}

static OF_PYTHON_CLIENT: Dump = Dump {
    least: 2,
    summary: "this is a dump of the Python client",
    style: "snake_case",
    help: "dump what `ApiClient.sanitize_for_serialization(response)` returns, or what the `pcluster` command prints",
};

static IN_SNAKE_CASE: Dump = Dump {
    least: 3,
    summary: "this is a dump of an SDK or of a table",
    style: "snake_case",
    help: "the SDK for Ruby and tables write names so; capture what the AWS CLI prints, or rename the members",
};

static IN_PASCAL_CASE: Dump = Dump {
    least: 3,
    summary: "this is a dump of an SDK",
    style: "PascalCase",
    help: "the SDKs for Go and .NET and Step Functions capitalise names; capture what the AWS CLI prints, or rename \
           the members",
};

/// Reports the keys in another style: once as a dump if there are enough of them, else each as misspelt.
pub(super) fn report<'d>(structure: &mut Structure<'_, 'd, '_>, recased: Vec<Recased<'d>>) {
    let (snake_case, pascal_case): (Vec<_>, Vec<_>) =
        recased.into_iter().partition(|(written, _)| is_snake_case(written.name()));
    let has_python_client = structure.tree.kind().has_python_client;
    dump(structure, &snake_case, if has_python_client { &OF_PYTHON_CLIENT } else { &IN_SNAKE_CASE });
    dump(structure, &pascal_case, &IN_PASCAL_CASE);
}

fn dump(structure: &mut Structure<'_, '_, '_>, keys: &[Recased<'_>], dump: &Dump) {
    let Some((first, name)) = keys.first().filter(|_| keys.len() >= dump.least) else {
        return keys.iter().for_each(|(written, name)| report_misspelt(structure, *written, name, true));
    };
    let rename = |(written, name): &Recased<'_>| Edit { span: written.key_span(), text: format!("\"{name}\"") };
    let title = format!("rename {} members", keys.len());
    let edits = keys.iter().map(rename).collect();
    let message = format!(
        "{}, with {} members in {}; `{}` is `{name}` in the API",
        dump.summary,
        keys.len(),
        dump.style,
        quoted(first.name())
    );
    let fault = structure.report(&MEMBER_NAME_CASE, first.key_span(), message);
    fault.says("the first of them").fix(Fix { edits, ..Fix::safe(title, first.key_span(), "") });
    fault.help(dump.help);
}
