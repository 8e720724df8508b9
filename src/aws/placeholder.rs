//! What templates put in the place of values, which a program fills in before a request is sent.

use std::iter;
use std::ops::Range;

use crate::aws::arn::Arn;
use crate::aws::mask::{Role, masks, may_be_masked};

/// The ranges of a text that a template fills in, in order. `takes_words` says that a word in capitals with underscores
/// is one, too, as where a pattern or an id is asked for.
pub(crate) fn placeholders(text: &str, role: Role, takes_words: bool) -> Vec<Range<usize>> {
    if is_placeholder(text, takes_words) {
        return iter::once(0..text.len()).collect();
    }
    let mut ranges = variables(text);
    if let Some(arn) = Arn::parse(text) {
        ranges.extend(segments(text).filter(|segment| is_placeholder(&text[segment.clone()], true)));
        ranges.extend(arn.masks(true));
    } else if may_be_masked(text) && role != Role::Prose {
        ranges.extend(masks(text, role));
    }
    ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    ranges.retain(|range| {
        let is_apart = range.start >= end;
        end = if is_apart { range.end } else { end };
        is_apart
    });
    ranges
}

/// Whether all of a text is the name of something that a template fills in.
fn is_placeholder(text: &str, takes_words: bool) -> bool {
    const LONGEST: usize = 80;
    const BRACKETS: [(&str, &str); 4] = [("<", ">"), ("%", "%"), ("__", "__"), ("`", "`")];
    const WORDS: [&str; 7] = ["REPLACE_", "REPLACE-", "YOUR_", "YOUR-", "CHANGE_ME", "CHANGE-ME", "CHANGEME"];
    let is_name = |name: &str| {
        let allowed = |char: char| char.is_alphanumeric() || " _-.".contains(char);
        !name.trim().is_empty() && name.chars().all(allowed)
    };
    let in_brackets = |(open, close)| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let is_word = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let is_in_capitals =
        || text.contains('_') && is_word(text) && !text.bytes().any(|byte| byte.is_ascii_lowercase()) && text.len() > 3;
    text.len() <= LONGEST
        && (BRACKETS.into_iter().filter_map(in_brackets).any(is_name)
            || text.strip_prefix('$').is_some_and(is_word)
            || WORDS.iter().any(|word| text.starts_with(word))
            || (takes_words && is_in_capitals()))
}

/// The ranges of `${NAME}` and `{{ name }}` in a text. Variables of a service, such as `{{ imagebuilder:buildDate }}`,
/// are filled in by the service itself.
fn variables(text: &str) -> Vec<Range<usize>> {
    const BRACKETS: [(&str, &str); 2] = [("${", "}"), ("{{", "}}")];
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| rest.contains('{')) {
        let opening =
            BRACKETS.into_iter().filter_map(|pair| Some((rest.find(pair.0)?, pair))).min_by_key(|(at, _)| *at);
        let Some((start, (open, close))) = opening else { break };
        let inner = &rest[start + open.len()..];
        let Some(length) = inner.find(close) else { break };
        let name = inner[..length].trim();
        let end = at + start + open.len() + length + close.len();
        let is_of_service = ["imagebuilder:", "ssm:"].iter().any(|service| name.starts_with(service));
        if !name.is_empty() && !is_of_service {
            ranges.push(at + start..end);
        }
        at = end;
    }
    ranges
}

/// The ranges of the segments of an ARN, those of its resource each.
fn segments(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split([':', '/']).map(move |segment| {
        let range = start..start + segment.len();
        start = range.end + 1;
        range
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_distinguished_from_values() {
        for (text, expected) in [
            ("${ACCOUNT}", &["${ACCOUNT}"][..]),
            ("web-${STAGE}-{{ colour }}", &["${STAGE}", "{{ colour }}"]),
            ("$PARENT_AMI", &["$PARENT_AMI"]),
            ("<ACCOUNT_ID>", &["<ACCOUNT_ID>"]),
            ("REPLACE_ME", &["REPLACE_ME"]),
            ("SUBNET_ID", &["SUBNET_ID"]),
            ("arn:aws:iam::ACCOUNT_ID:role/$ROLE", &["ACCOUNT_ID", "$ROLE"]),
            ("arn:aws:imagebuilder:${AWS_REGION}:<account>:component/a/1.0.0", &["${AWS_REGION}", "<account>"]),
            ("web {{ imagebuilder:buildDate }}", &[]),
            ("sg-12345678", &[]),
            ("ami-0123456789abcdef0", &[]),
            ("web", &[]),
            ("1.0.x", &[]),
        ] {
            let found: Vec<&str> = placeholders(text, Role::Name, true).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert!(placeholders("WEB_SERVER", Role::Name, false).is_empty());
    }
}
