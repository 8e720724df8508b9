//! Document hygiene: placeholders and secrets in stored captures.

use crate::aws::resource_id::is_uuid;
use crate::aws::user_data::UserData;
use crate::document::secret::{self, Secret, Sort};
use crate::document::{Document, Value};
use crate::finding::fault::Fault;
use crate::model::typed::shapes::{Payload, UserDataOverride};
use crate::rule::Parts;
use crate::rule::Placeholders;
use crate::rule::prelude::*;
use crate::rules::Entry;
use crate::rules::view::source::GET_IMAGE;
use crate::text::quote::be;
use crate::text::span::Span;

pub(super) static RULES: &[Entry] = &[
    Entry::Check(&SKELETON_PLACEHOLDER),
    Entry::Check(&MASKED),
    Entry::Rule(&PRESIGNED_URL),
    Entry::Check(&SECRET_STORED),
    Entry::Check(&REQUEST_ID_SHAPE),
];

static SKELETON_PLACEHOLDER: Check = Check {
    rule: &Rule {
        name: "skeleton-placeholder",
        level: Level::Warning,
        summary: "a document holds a captured response, not the printed response syntax",
        why: "Reference pages print the syntax of a response with `string` and 123 in the place of every value. Such a \
              skeleton tests nothing, so all other rules are silent on it.",
        help: "capture a real response",
        source: &[GET_IMAGE],
        stands_alone: true,
        ..Rule::BASE
    },
    on: &Each::<Payload>(|root, cx| {
        if cx.is_cli_skeleton() {
            let message = "this is the skeleton that `--generate-cli-skeleton` prints; none of its values is filled in";
            cx.report(root, message).at(root.opening());
            return;
        }
        let Placeholders { strings, numbers, others } = cx.placeholders();
        // Short answers have few values, but then all of them are placeholders.
        if strings >= 5 || numbers >= 3 || (strings > 0 && others == 0) {
            let part = |count: usize, placeholder: &str| {
                (count > 0).then(|| format!("{} {} {placeholder}", counted(count, "value"), be(count)))
            };
            let parts: Vec<String> = [part(strings, "`string`"), part(numbers, "123")].into_iter().flatten().collect();
            let expected = if cx.is_request() { "request" } else { "captured response" };
            let message = format!("this is the documentation's skeleton, not a {expected}: {}", parts.join(", "));
            cx.report(root, message).at(root.opening());
        }
    }),
};

/// The rule on masks, which is the only one that reports faults of masked values.
pub(crate) static MASKED_VALUE: &Rule = &Rule {
    name: "masked-value",
    level: Level::Info,
    summary: "a capture has the values that the service returned",
    why: "People write over accounts, Regions, names and ids before they share a capture, or make a template of it, \
          and the documentation has ids of its own. What a mask hides cannot be checked: all other rules are silent on \
          masked values, and this one names the first of them.",
    help: "what parses the values refuses masks; write an account as 111122223333, and values that are made up but \
           valid",
    source: &["observed: accounts, Regions and ids are masked in many published captures"],
    sides: Sides::Responses,
    ..Rule::BASE
};

static MASKED: Check = Check {
    rule: MASKED_VALUE,
    on: &Each::<Payload>(|_, cx| {
        let masks: Vec<_> = cx.masks().collect();
        let mut last: Option<(Node<'_>, Parts<'_>)> = None;
        for (node, range) in masks {
            last = last.filter(|(last, _)| *last == node);
            let (_, parts) = last.get_or_insert_with(|| (node, node.parts()));
            let text = node.written_text().unwrap_or_default();
            let mask = quoted(&text[range.clone()]);
            let name = node.member_or_list();
            let message = format!("`{name}` has `{mask}` in the place of a value");
            cx.report(node, message).at(parts.part(range)).collectively();
        }
    }),
};

static PRESIGNED_URL: Rule = Rule {
    name: "presigned-url",
    level: Level::Warning,
    summary: "no presigned URL is stored",
    why: "The query of a presigned URL names an access key and grants access until it expires. It has no place in \
          a fixture, be it of S3, CloudFront, Google or Azure. imagelint never prints the query.",
    help: "replace the query before you commit the file; if it was committed, treat the credential as known",
    source: &[
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html",
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html",
    ],
    tags: &["security"],
    fixes: Rule::UNSAFELY,
    ..Rule::BASE
};

static SECRET_STORED: Check = Check {
    rule: &Rule {
        name: "secret-stored",
        level: Level::Warning,
        summary: "no credential is stored",
        why: "What a fixture, a recipe or a tag holds is read by everybody who reads the repository or the account: \
              access keys, tokens, private keys, `user:password@` in URLs, and what a name such as `DB_PASSWORD` says \
              of its value, in members, tags, reasons, descriptions, Dockerfiles and user data. References, variables, \
              placeholders and the examples of the documentation, which have EXAMPLE in them, are no credentials. \
              `presigned-url` and `component-parameter-secret` report theirs. imagelint never prints a secret.",
        help: "replace it before you commit the file, by a reference where the service takes one; if it was committed, \
               treat it as known and change it",
        source: &[
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
            "https://docs.aws.amazon.com/imagebuilder/latest/userguide/security-best-practices.html",
        ],
        tags: &["security"],
        ..Rule::BASE
    },
    on: &Each::<UserDataOverride>(|node, cx| {
        // What is not encoded is found in the text of the document.
        let Some(data) = node.text().and_then(UserData::decode) else {
            return;
        };
        let secrets = data.text().map(secret::evident).unwrap_or_default();
        if let Some(found) = secrets.iter().find(|found| found.is_evident) {
            cx.report(node, format!("decoded user data {}", holds(found)));
        }
    }),
};

/// What a text holds that has a secret in it.
fn holds(secret: &Secret) -> String {
    match &secret.sort {
        Sort::SignedQuery(_) => "holds the query of a presigned URL".to_owned(),
        Sort::UserInfo => "holds a URL with a user and a password".to_owned(),
        Sort::AccessKeyId | Sort::SecretKey => "holds an access key of AWS".to_owned(),
        Sort::Token | Sort::Encoded => "holds a token, a key or a password".to_owned(),
        Sort::Named(name) => format!("holds the value of `{}` in plain text", quoted(name)),
    }
}

/// The faults of the secrets in a document, inside and outside its payloads. `within` has, in order, the strings that
/// are checked as documents of their own; secrets in them are skipped.
pub(crate) fn stored_secrets(document: &Document<'_>, root: Value<'_>, within: &[Span]) -> Vec<Fault> {
    let is_outside_strings = |secret: &Secret| {
        let before = within.partition_point(|string| string.start <= secret.span.start);
        before == 0 || within[before - 1].end < secret.span.end
    };
    secret::stored(document, root).into_iter().filter(is_outside_strings).map(|secret| secret_fault(&secret)).collect()
}

fn secret_fault(secret: &Secret) -> Fault {
    let span = secret.span;
    match &secret.sort {
        Sort::SignedQuery(mark) => {
            let mut fault = Fault::new(&PRESIGNED_URL, span, "a presigned URL is stored in a capture");
            // Removes the query with its question mark; the plain address remains.
            let start = mark.map_or(span.start, |mark| mark.start);
            let fix = Fix::risky("strip the query", Span::new(start, span.end), "");
            fault.says("this query grants access").fix(fix);
            fault
        }
        _ => {
            let mut fault = Fault::new(SECRET_STORED.rule, span, format!("the document {}", holds(secret)));
            fault.says("this is a secret");
            fault
        }
    }
}

static REQUEST_ID_SHAPE: Check = Check {
    rule: &Rule {
        name: "request-id-shape",
        level: Level::Info,
        pedantic: true,
        summary: "`requestId` is a UUID",
        why: "Only the length is documented, but every published response carries a UUID. The documentation's own \
              placeholder, whose last group starts with EXAMPLE, passes.",
        help: "an id of another form was probably written by hand",
        source: &[GET_IMAGE],
        ..Rule::BASE
    },
    on: &Each::<Payload>(|root, cx| {
        let id = root.get_if_any(member::RequestId);
        let Some((id, text)) = id.and_then(|id| Some((id, id.text()?))) else {
            return;
        };
        if !is_uuid(text) {
            cx.report(id, format!("`requestId` is `{}`, not a UUID", quoted(text)));
        }
    }),
};
