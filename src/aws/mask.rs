//! Recognises masks: what people write over accounts, ids and other values before they share a capture, and what
//! templates and the pages of the documentation have in their place.

use std::iter;
use std::ops::Range;

use crate::text::case::starts_with_ignoring_case;

/// What a text is, which decides what masks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The id of an account.
    Account,
    /// A Region.
    Region,
    /// A date.
    Date,
    /// A version, in which `x` and `*` are not masks but wildcards, right or wrong.
    Version,
    /// A name, an id or another short text.
    Name,
    /// A text for readers or for programs, of which only the whole can be masked.
    Prose,
}

impl Role {
    /// Whether texts are masked in ways of this role, without any of the marks that most masks consist of.
    pub(crate) fn has_marks_of_its_own(self) -> bool {
        !matches!(self, Role::Version | Role::Prose)
    }

    /// The role of a member's text, by the name of the member.
    pub(crate) const fn of_name(name: &str) -> Self {
        const REGIONS: [&str; 3] = ["region", "regions", "awsRegion"];
        const ACCOUNTS: [&str; 3] = ["account", "sharedAccounts", "userIds"];
        const ACCOUNT_ENDS: [&str; 2] = ["ccountId", "ccountIds"];
        const NAME_ENDS: [&str; 17] = [
            "arn", "Arn", "Arns", "id", "Id", "Ids", "name", "Name", "uri", "Uris", "image", "Image", "Role", "Bucket",
            "Prefix", "Zone", "keyPair",
        ];
        if ends_with_any(name, &REGIONS, true) {
            Role::Region
        } else if ends_with_any(name, &ACCOUNTS, true) || ends_with_any(name, &ACCOUNT_ENDS, false) {
            Role::Account
        } else if ends_with_any(name, &NAME_ENDS, false) {
            Role::Name
        } else {
            Role::Prose
        }
    }
}

/// Whether a name ends with one of several texts, or with `whole` is one of them. The compiler can call this.
const fn ends_with_any(name: &str, ends: &[&str], whole: bool) -> bool {
    let name = name.as_bytes();
    let mut tried = 0;
    while tried < ends.len() {
        let end = ends[tried].as_bytes();
        let mut same = 0;
        while same < end.len() && same < name.len() && name[name.len() - 1 - same] == end[end.len() - 1 - same] {
            same += 1;
        }
        if same == end.len() && (!whole || same == name.len()) {
            return true;
        }
        tried += 1;
    }
    false
}

/// The masked ranges of a text, in order; empty for most texts.
pub(crate) fn masks(text: &str, role: Role) -> Vec<Range<usize>> {
    masks_in(text, role, true)
}

/// As [`masks`]. `may_have_marks` tells whether the document of the text may hold anything that most masks consist of.
pub(crate) fn masks_in(text: &str, role: Role, may_have_marks: bool) -> Vec<Range<usize>> {
    let whole = || iter::once(0..text.len()).collect();
    match role {
        Role::Account if is_masked(text) => whole(),
        Role::Region if is_masked_region(text) => whole(),
        Role::Date if is_masked_date(text) => whole(),
        _ if !may_have_marks || !may_be_masked(text) => match documented_digits(text, role) {
            Some(digits) => Vec::from([digits]),
            None => Vec::new(),
        },
        _ if is_whole(text, role) => whole(),
        Role::Prose | Role::Version => Vec::new(),
        _ => within(text),
    }
}

/// Whether a text has anything that a mask consists of. Most texts have not, and are scanned once.
pub(super) fn may_be_masked(text: &str) -> bool {
    let bytes = text.as_bytes();
    let may_start = |index: usize| match bytes[index] {
        b'<' | b'{' | b'[' | b'(' => true,
        b'$' | b'%' => bytes.get(index + 1).is_some_and(u8::is_ascii_uppercase),
        byte @ (b'x' | b'X' | b'*' | b'#' | b'?' | b'.' | 0xE2) => {
            bytes.get(index + 1).is_some_and(|next| *next == byte || byte == 0xE2)
        }
        _ => {
            let follows_e = bytes.get(index + 1).is_some_and(|next| next.eq_ignore_ascii_case(&b'e'));
            follows_e && starts_with_ignoring_case(&text[index..], "redact")
        }
    };
    bytes.iter().enumerate().any(|(index, byte)| STARTS[usize::from(*byte)] && may_start(index))
}

/// The bytes that a mask may start with, or an `r` of a word that stands for one.
const STARTS: [bool; 256] = {
    let mut starts = [false; 256];
    let marks = b"<{[($%xX*#?.rR\xE2";
    let mut index = 0;
    while index < marks.len() {
        starts[marks[index] as usize] = true;
        index += 1;
    }
    starts
};

/// Whether all of a text is a mask.
fn is_whole(text: &str, role: Role) -> bool {
    const LONGEST: usize = 64;
    if text.len() > LONGEST {
        return false;
    }
    let is_run = |is_mark: fn(char) -> bool, least| text.chars().count() >= least && text.chars().all(is_mark);
    let is_word = |text: &str| WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    let in_brackets = |open, close| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    is_word(text)
        || in_brackets('[', ']').or_else(|| in_brackets('(', ')')).is_some_and(is_word)
        || is_run(|char| matches!(char, '*' | '#' | '•' | '…' | '█'), 3)
        || is_run(|char| char == '.', 3)
        || text == "…"
        || (role != Role::Version && (is_blank(text) || is_run(|char| matches!(char, 'x' | 'X'), 4)))
        || bracketed(text).is_some_and(|range| range == (0..text.len()))
}

/// Words that stand in the place of a value.
const WORDS: [&str; 4] = ["redacted", "masked-out", "removed", "scrubbed"];

/// The masked ranges within a name or an id.
fn within(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(length) = starting_mask(rest) {
            ranges.push(at..at + length);
            at += length;
        } else {
            let first = rest.chars().next();
            let run = rest.chars().take_while(|char| Some(*char) == first);
            at += run.map(char::len_utf8).sum::<usize>();
        }
    }
    ranges
}

/// The length of the mask that a text starts with.
fn starting_mask(text: &str) -> Option<usize> {
    // Longer runs fill a text; nobody masks an id with them.
    const MOST: usize = 36;
    const LEAST: [(char, usize); 6] = [('*', 3), ('#', 3), ('•', 3), ('█', 2), ('X', 4), ('x', 4)];
    if let Some(range) = bracketed(text) {
        return Some(range.end);
    }
    if let Some(word) = ["REDACTED", "redacted", "Redacted"].into_iter().find(|word| text.starts_with(word)) {
        return Some(word.len());
    }
    if let Some(length) = variable(text) {
        return Some(length);
    }
    let first = text.chars().next()?;
    let (_, least) = LEAST.into_iter().find(|(mark, _)| *mark == first)?;
    let count = text.chars().take_while(|char| *char == first).count();
    (least..=MOST).contains(&count).then(|| count * first.len_utf8())
}

/// The range of `{{…}}`, `${…}` or `<…>` at the start of a text. Variables of a service, such as
/// `{{ imagebuilder:buildDate }}`, are values that the service itself fills in.
fn bracketed(text: &str) -> Option<Range<usize>> {
    const LONGEST: usize = 64;
    const BRACKETS: [(&str, &str); 3] = [("{{", "}}"), ("${", "}"), ("<", ">")];
    let (open, close) = BRACKETS.into_iter().find(|(open, _)| text.starts_with(open))?;
    let length = text[open.len()..].find(close)?;
    let content = &text[open.len()..open.len() + length];
    let is_name = |content: &str| {
        let allowed = |char: char| char.is_alphanumeric() || " _-./:'".contains(char);
        !content.trim().is_empty() && content.len() <= LONGEST && content.chars().all(allowed)
    };
    let is_variable = open == "{{" && content.contains(':') && !content.trim_start().starts_with("arn:");
    // `<` and `>` between spaces compare.
    let is_comparison = open == "<" && content.trim() != content;
    (is_name(content) && !is_variable && !is_comparison).then(|| 0..open.len() + length + close.len())
}

/// The length of `$NAME` or `%NAME%` at the start of a text: a variable of a shell that was not filled in.
fn variable(text: &str) -> Option<usize> {
    const LEAST: usize = 3;
    let (sign, close) = [("$", ""), ("%", "%")].into_iter().find(|(sign, _)| text.starts_with(sign))?;
    let is_of_name = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let name = text[sign.len()..].bytes().take_while(is_of_name).count();
    let rest = &text[sign.len() + name..];
    let ends = rest.starts_with(close) && !rest.starts_with(|char: char| char.is_alphanumeric());
    (name >= LEAST && ends).then_some(sign.len() + name + close.len())
}

/// The prefixes of ids whose digits are random, so that ascending or equal ones are of the documentation.
const PREFIXES: [&str; 9] = ["ami-", "subnet-", "sg-", "snap-", "lt-", "h-", "i-", "vpc-", "vol-"];
const LONGEST_PREFIX: usize = "subnet-".len();

/// The digits of an id that documentation uses: 8 or 17 that ascend or are all the same, or EXAMPLE among them.
fn documented_digits(text: &str, role: Role) -> Option<Range<usize>> {
    if role != Role::Name {
        return None;
    }
    let hyphen = text.bytes().take(LONGEST_PREFIX).position(|byte| byte == b'-')?;
    let prefix = PREFIXES.into_iter().find(|prefix| *prefix == &text[..=hyphen])?;
    let digits = &text[prefix.len()..];
    let is_documented = matches!(digits.len(), 8 | 17) && is_documented(digits.as_bytes());
    (is_documented || digits.contains("EXAMPLE")).then_some(prefix.len()..text.len())
}

/// Whether hexadecimal digits ascend, starting again after 9 or f, or are all the same.
fn is_documented(digits: &[u8]) -> bool {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let ascends = |pair: &[u8]| match (value(pair[0]), value(pair[1])) {
        (Some(one), Some(next)) => next == one + 1 || matches!((one, next), (9, 0) | (15, 0 | 1) | (0, 10)),
        _ => false,
    };
    let is_hexadecimal = digits.iter().all(|digit| value(*digit).is_some());
    is_hexadecimal && (digits.windows(2).all(ascends) || digits.windows(2).all(|pair| pair[0] == pair[1]))
}

/// Whether a Region is masked: by a word in its place, or by `x` in the place of some of its letters.
pub(super) fn is_masked_region(region: &str) -> bool {
    const WORDS: [&str; 4] = ["region", "awsregion", "yourregion", "regionname"];
    const SHORTEST: usize = 3;
    if region.len() < SHORTEST || region.as_bytes().last().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let letters = || region.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    let is_spelt_out = region.bytes().all(|byte| is_mask(byte) || byte == b'-') && count_masks(region) >= 3;
    is_spelt_out || WORDS.iter().any(|word| letters().eq(word.bytes()))
}

/// Whether some digits of a date are masked, or all of them replaced by the letters of a format.
fn is_masked_date(date: &str) -> bool {
    let is_kept = |byte: u8| matches!(byte, b'0'..=b'9' | b'-' | b':' | b'.' | b'+' | b'T' | b'Z' | b' ');
    if date.bytes().all(is_kept) {
        return false;
    }
    let is_marked = date.bytes().all(|byte| is_mask(byte) || is_kept(byte)) && count_masks(date) >= 2;
    is_marked || starts_with_ignoring_case(date, "yyyy-mm-dd")
}

/// An account id that AWS reserves for documentation, as a replacement for a masked one.
pub(crate) const EXAMPLE_ACCOUNT: &str = "111122223333";

/// Whether an account id is masked: by letters or symbols in place of its digits, or by a word such as
/// `redacted` in place of all of it.
pub(crate) fn is_masked(account: &str) -> bool {
    const WORDS: [&str; 8] =
        ["account", "accountid", "accountnumber", "awsaccount", "awsaccountid", "youraccountid", "redacted", "masked"];
    if account.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let is_bracketed = account.starts_with('<') && account.ends_with('>');
    let letters = || account.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    let first = account.chars().next().filter(|first| !first.is_ascii_digit());
    let is_one_letter = || first.is_some_and(|first| account.chars().all(|char| char == first));
    (account.len() <= 14 && is_partly_masked(account))
        || (account.chars().count() == 12 && is_one_letter())
        || is_bracketed
        // The words start with one of four letters; most accounts do not.
        || (letters().next().is_some_and(|first| b"aymr".contains(&first))
            && WORDS.iter().any(|word| letters().eq(word.bytes())))
}

/// Whether all digits of an id are masked; a prefix such as `wf-` may be left.
pub(super) fn is_blank(id: &str) -> bool {
    const LONGEST: usize = 64;
    let has_only_masks =
        |digits: &str| digits.bytes().all(|byte| is_mask(byte) || byte == b'-') && count_masks(digits) >= 3;
    let digits = id.split_once('-').map_or("", |(_, digits)| digits);
    let is_hidden = |digits: &str| has_only_masks(digits) || is_masked(digits);
    id.len() <= LONGEST && (is_hidden(id) || is_hidden(digits))
}

fn count_masks(text: &str) -> usize {
    text.bytes().filter(|byte| is_mask(*byte)).count()
}

fn is_mask(byte: u8) -> bool {
    matches!(byte, b'X' | b'x' | b'*' | b'#' | b'_' | b'?')
}

/// Whether at least three digits of an id are masked.
pub(super) fn is_partly_masked(digits: &str) -> bool {
    digits.bytes().all(|byte| is_mask(byte) || byte.is_ascii_hexdigit()) && count_masks(digits) >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_of_accounts_are_distinguished_from_mistakes() {
        for masked in [
            "XXXXXXXXXXXX",
            "1234XXXX9012",
            "nnnnnnnnnnnn",
            "••••••••••••",
            "${AWS::AccountId}",
            "************",
            "<account-id>",
            "{{123456789012}}",
            "${ACCOUNT}",
            "ACCOUNT_ID",
            "REDACTED",
        ] {
            assert!(masks(masked, Role::Account).into_iter().eq(iter::once(0..masked.len())), "{masked}");
        }
        for mistaken in ["", "12345678901", "1234567890123", "12345678901x", "amazon", "aws", "my-account-2", "xx"] {
            assert!(masks(mistaken, Role::Account).is_empty(), "{mistaken}");
        }
    }

    #[test]
    fn names_and_ids_are_masked_in_whole_or_in_part() {
        for (text, masked) in [
            ("REDACTED", "REDACTED"),
            ("[redacted]", "[redacted]"),
            ("***", "***"),
            ("...", "..."),
            ("wf-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "wf-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
            ("sg-REDACTED", "sg-REDACTED"),
            ("ami-<redacted>", "ami-<redacted>"),
            ("ami-0123456789abcdef0", "0123456789abcdef0"),
            ("subnet-12345678", "12345678"),
            ("sg-aaaaaaaa", "aaaaaaaa"),
            ("web-{{name}}-1", "{{name}}"),
            ("logs-XXXXXXXXXXXX-eu", "XXXXXXXXXXXX"),
            ("$SUBNET_ID", "$SUBNET_ID"),
            ("logs-%STAGE%-eu", "%STAGE%"),
        ] {
            let found: Vec<&str> = masks(text, Role::Name).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, [masked], "{text}");
        }
        for plain in [
            "wf-01234567-89ab-cdef-0123-456789abcdef",
            "ami-1234567890",
            "ami-0a3f5e1c9b7d82460",
            "ami-",
            "",
            "web-server",
            "masked",
            "x.x.x",
            "[prod] web",
            "{{ imagebuilder:buildDate }}",
            "web {{ ssm:name }}",
            "1 < 2 > 0",
            "i am xxl",
            "$1",
            "cost in $USd",
            "100 %ABC",
        ] {
            assert!(masks(plain, Role::Name).is_empty(), "{plain}");
        }
    }

    #[test]
    fn each_role_has_its_masks() {
        for (text, role, is_mask) in [
            ("<region>", Role::Region, true),
            ("{{ap-southeast-2}}", Role::Region, true),
            ("xx-xxxx-x", Role::Region, true),
            ("AWS_REGION", Role::Region, true),
            ("ap-southeast2", Role::Region, false),
            ("2026-XX-XXT00:00:00Z", Role::Date, true),
            ("YYYY-MM-DDThh:mm:ssZ", Role::Date, true),
            ("2026-13-01T00:00:00Z", Role::Date, false),
            ("xxxx", Role::Version, false),
            ("{{x.x.x/x}}", Role::Version, true),
            ("1.0.*", Role::Version, false),
            ("write to <team@example.com>", Role::Prose, false),
            ("REDACTED", Role::Prose, true),
        ] {
            let expected: Vec<Range<usize>> = is_mask.then_some(0..text.len()).into_iter().collect();
            assert_eq!(masks(text, role), expected, "{text}");
        }
    }
}
