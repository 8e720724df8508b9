//! Marks: texts that only documents of Image Builder, or of ParallelCluster about its images, have.

use std::ffi::OsStr;
use std::path::Path;

use memchr::memmem;

/// Whether a text has a mark somewhere, however JSON escapes it: an ARN or an action, the source of an event, the
/// address of the service, a log group, a tag, the id of a lifecycle execution, a name of a member.
pub(crate) fn has_mark(text: &str) -> bool {
    has_plain_mark(text) || unescaped(text).is_some_and(|text| has_plain_mark(&text))
}

/// Whether a file has the name of one that placebo recorded of Image Builder: `imagebuilder.TagResource_1.json`.
pub(crate) fn is_recording(path: &Path) -> bool {
    let name = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    let recorded = name.strip_prefix("imagebuilder.").and_then(|name| name.rsplit_once('_'));
    recorded.is_some_and(|(operation, count)| {
        operation.bytes().all(|byte| byte.is_ascii_alphabetic()) && count.parse::<u32>().is_ok()
    })
}

fn has_plain_mark(text: &str) -> bool {
    MARKS.iter().any(|mark| mark.is_in(text))
        || memmem::find(text.as_bytes(), b"EC2 Image Builder").is_some()
        || has_lifecycle_id(text)
        || OWN_NAMES.iter().any(|name| has_key(text, name))
}

/// Names of members that no other service has.
const OWN_NAMES: [&str; 15] = [
    "componentBuildVersionArn",
    "containerRecipeArn",
    "containerRecipeSummaryList",
    "distributionConfigurationArn",
    "distributionConfigurationSummaryList",
    "imageBuildVersionArn",
    "imagePipelineArn",
    "imageRecipeArn",
    "imageRecipeSummaryList",
    "infrastructureConfigurationArn",
    "infrastructureConfigurationSummaryList",
    "latestVersionReferences",
    "lifecycleExecutionId",
    "lifecyclePolicyArn",
    "workflowBuildVersionArn",
];

/// Whether a text has that name in quotes.
fn has_key(text: &str, name: &str) -> bool {
    memmem::find_iter(text.as_bytes(), name)
        .any(|at| text[..at].ends_with('"') && text[at + name.len()..].starts_with('"'))
}

/// Whether a text has the id of an execution of a lifecycle policy.
fn has_lifecycle_id(text: &str) -> bool {
    const PREFIX: &str = "\"lce-";
    const DIGITS: usize = 8;
    memmem::find_iter(text.as_bytes(), PREFIX).any(|at| {
        let digits = text.as_bytes()[at + PREFIX.len()..].iter().take_while(|byte| byte.is_ascii_hexdigit());
        digits.take(DIGITS).count() == DIGITS
    })
}

/// The text with slashes and characters of ASCII in the place of their escapes; none if it has no such escapes.
fn unescaped(text: &str) -> Option<String> {
    let first = [&b"\\u00"[..], b"\\/"].into_iter().filter_map(|escape| memmem::find(text.as_bytes(), escape)).min()?;
    let mut unescaped = text[..first].to_owned();
    let mut rest = &text[first..];
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        unescaped.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let ascii = escape.strip_prefix("u00").and_then(|code| u8::from_str_radix(code.get(..2)?, 16).ok());
        let (char, length) = match ascii.filter(u8::is_ascii) {
            Some(ascii) => (char::from(ascii), 5),
            None if escape.starts_with('/') => ('/', 1),
            None => ('\\', 0),
        };
        unescaped.push(char);
        rest = &escape[length..];
    }
    unescaped.push_str(rest);
    Some(unescaped)
}

/// A name that other programs have as well, and what is around it where it is meant.
struct Mark {
    name: &'static str,
    before: &'static [&'static str],
    after: &'static [&'static str],
}

const MARKS: [Mark; 2] = [
    Mark {
        name: "imagebuilder",
        before: &[":", "aws.", "amazonaws.", "/aws/"],
        after: &[":", "ImageStatus", ".amazonaws."],
    },
    Mark { name: "parallelcluster", before: &[":", "aws-", "/aws/"], after: &[":", "-", "/"] },
];

impl Mark {
    fn is_in(&self, text: &str) -> bool {
        memmem::find_iter(text.as_bytes(), self.name).any(|at| {
            let (before, after) = (&text[..at], &text[at + self.name.len()..]);
            self.before.iter().any(|mark| before.ends_with(mark))
                || self.after.iter().any(|mark| after.starts_with(mark))
                || is_address(after)
        })
    }
}

/// Whether the name of a service is followed by a region and the domain of AWS.
fn is_address(after: &str) -> bool {
    const LONGEST: usize = 64;
    let near = &after.as_bytes()[..after.len().min(LONGEST)];
    let host = near.split(|byte| matches!(byte, b'"' | b'/' | b' ')).next().unwrap_or_default();
    host.starts_with(b".") && memmem::find(host, b".amazonaws.").is_some()
}
