//! Names the dump of a client that writes names in a style of its own once, not at every key.

use crate::document::secret::quoted;
use crate::finding::fix::{Edit, Fix};
use crate::lint::structure::{misspelt, speak};
use crate::rule::context::{Context, Recased};
use crate::rules::structure::MEMBER_NAME_CASE;

pub(super) fn is_snake_case(key: &str) -> bool {
    key.contains('_') && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

pub(super) fn is_pascal_case(key: &str, name: &str) -> bool {
    let (mut key, mut name) = (key.chars(), name.chars());
    key.next() == name.next().map(|first| first.to_ascii_uppercase()) && key.as_str() == name.as_str()
}

/// The program that dumps responses with names in a style of its own.
struct Dump {
    /// How many names in that style are no accident.
    least: usize,
    /// What it is.
    summary: &'static str,
    /// How it writes names.
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

/// Names the dump of a client once, not at every key.
pub(crate) fn dumps(context: &mut Context<'_>) {
    let (snake_case, pascal_case): (Vec<_>, Vec<_>) =
        context.take_recased().into_iter().partition(|(key, _)| is_snake_case(&key.value));
    dump(&snake_case, if context.kind().has_python_client { &OF_PYTHON_CLIENT } else { &IN_SNAKE_CASE }, context);
    dump(&pascal_case, &IN_PASCAL_CASE, context);
}

fn dump(keys: &[Recased<'_>], dump: &Dump, context: &mut Context<'_>) {
    let Some((first, name)) = keys.first().filter(|_| keys.len() >= dump.least) else {
        return keys.iter().for_each(|(key, name)| misspelt(key, name, true, context));
    };
    let rename = |(key, name): &Recased<'_>| Edit { span: key.range.into(), text: format!("\"{name}\"") };
    let title = format!("rename {} members", keys.len());
    let edits = keys.iter().map(rename).collect();
    let message = format!(
        "{}, with {} members in {}; `{}` is `{name}` in the API",
        dump.summary,
        keys.len(),
        dump.style,
        quoted(&first.value)
    );
    speak(&MEMBER_NAME_CASE, context);
    let finding = context.report_at(first.range.into(), message);
    finding.says("the first of them").fix(Fix { edits, ..Fix::safe(title, first.range.into(), "") });
    finding.help(dump.help);
}
