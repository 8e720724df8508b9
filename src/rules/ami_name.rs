//! The names of output AMIs, and the variables in them.

use std::ops::RangeInclusive;

use crate::finding::fix::Fix;
use crate::model::typed::shapes::{
    Ami, AmiDistributionConfiguration, ContainerDistributionConfiguration, EcrConfiguration, Image,
};
use crate::rule::prelude::*;
use crate::rules::{container, structure};

pub(super) static RULES: &[&Check] = &[&AMI_NAME_BUILD_DATE, &AMI_NAME_PLACEHOLDER, &AMI_NAME_SHAPE];

/// The texts between `{{` and `}}`, trimmed.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.trim()))
}

static AMI_NAME_BUILD_DATE: Check = Check {
    rule: &Rule {
        name: "ami-name-build-date",
        level: Level::Warning,
        summary: "the name of an output AMI holds the build date",
        why: "AMI names are unique in an account and region. Without the build date every build makes the same name, \
              and Image Builder asks for the variable. In a built image it may be resolved to the time of the build.",
        help: "add `{{ imagebuilder:buildDate }}` to the name",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_AmiDistributionConfiguration.html",
            "service model: AmiDistributionConfiguration.name",
        ],
        ..Rule::BASE
    },
    on: &Each::<AmiDistributionConfiguration>(|configuration, cx| {
        let Some((name, text)) = configuration.get_with_text(member::Name) else {
            return;
        };
        let named = placeholders(text).any(|variable| variable == "imagebuilder:buildDate");
        let resolved = || cx.ancestor::<Image>().is_some() && has_build_time(text);
        if !text.is_empty() && !named && !resolved() {
            let level = if cx.is_request() { Level::Error } else { Level::Warning };
            let message = format!("AMI name `{}` has no `{{{{ imagebuilder:buildDate }}}}`", quoted(text));
            cx.report(name, message).level(level);
        }
    }),
};

/// Whether a text contains a time in the form of a resolved build date, such as 2026-09-03T05-44-21.
fn has_build_time(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00T00-00-00";
    let fits = |(byte, form): (&u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == form };
    text.as_bytes().windows(FORM.len()).any(|window| window.iter().zip(FORM).all(fits))
}

/// The variables that Image Builder replaces.
const VARIABLES: [&str; 2] = ["imagebuilder:buildDate", "imagebuilder:buildVersion"];

static AMI_NAME_PLACEHOLDER: Check = Check {
    rule: &Rule {
        name: "ami-name-placeholder",
        level: Level::Warning,
        summary: "the variables in AMI names and tags are Image Builder's own, in paired braces",
        why: "Image Builder puts values in the place of two variables of its own. Others stay as they are written, and \
              so do those whose braces do not pair. Variables of other namespaces, such as `ssm`, are not judged.",
        help: "the variables are imagebuilder:buildDate and imagebuilder:buildVersion; they are case-sensitive",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/userguide/tag-resources.html",
            "service model: AmiDistributionConfiguration.name",
        ],
        outranks: &[AMI_NAME_BUILD_DATE.rule, container::CONTAINER_TAG_SHAPE.rule],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<(AmiDistributionConfiguration, ContainerDistributionConfiguration, EcrConfiguration)>(|holder, cx| {
        let holder = holder.any();
        if let Some(amis) = holder.cast::<AmiDistributionConfiguration>() {
            let tags = amis.entries_of(member::AmiTags);
            amis.get(member::Name).into_iter().chain(tags).for_each(|text| report_placeholders(text, cx));
            return;
        }
        let containers = holder.cast::<ContainerDistributionConfiguration>();
        let tags = containers.and_then(|containers| containers.get(member::ContainerTags));
        let registry = holder.cast::<EcrConfiguration>();
        let tags = tags.or_else(|| registry.and_then(|registry| registry.get(member::ContainerTags)));
        tags.map(Node::items).unwrap_or_default().for_each(|tag| report_placeholders(tag, cx));
    }),
};

fn report_placeholders<'d>(node: Node<'d>, cx: &mut Reporter<'_, 'd>) {
    // Most texts contain no brace; one search for it avoids two searches for pairs.
    let has_pair = |text: &&str| text.contains(['{', '}']) && (text.contains("{{") || text.contains("}}"));
    let Some(text) = node.text().filter(has_pair) else {
        return;
    };
    if !braces_pair(text) {
        cx.report(node, format!("the braces in `{}` do not pair; `{{{{` needs its `}}}}`", quoted(text)));
        return;
    }
    let parts = node.parts();
    for variable in placeholders(text).filter(|variable| is_image_builder(variable)) {
        if VARIABLES.contains(&variable) {
            continue;
        }
        let meant = VARIABLES.into_iter().find(|known| known.eq_ignore_ascii_case(variable));
        let expected = match meant {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("`{}` or `{}` was expected", VARIABLES[0], VARIABLES[1]),
        };
        let message = format!("unknown variable `{}`; {expected}", quoted(variable));
        let fix = meant.map(|known| Fix::risky(format!("write `{known}`"), parts.slice(variable), known));
        cx.report(node, message).at(parts.slice(variable)).fix(fix);
    }
}

fn is_image_builder(variable: &str) -> bool {
    let namespace = variable.split_once(':').map(|(namespace, _)| namespace);
    namespace.is_some_and(|namespace| namespace.eq_ignore_ascii_case("imagebuilder"))
}

/// Whether all braces pair. Single ones are counted, too, since a tag's value may be JSON.
fn braces_pair(text: &str) -> bool {
    let mut depth = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return false,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}

/// How many characters an AMI's name can have.
const NAME_LENGTH: RangeInclusive<usize> = 3..=128;

static AMI_NAME_SHAPE: Check = Check {
    rule: &Rule {
        name: "ami-name-shape",
        level: Level::Warning,
        summary: "an AMI's name has 3 to 128 characters of those that EC2 takes",
        why: "EC2 registers no AMI under another name, so a capture with one was edited or cut.",
        help: "allowed are A-Z, a-z, 0-9, spaces and ()[]./-'@_",
        source: &["https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RegisterImage.html"],
        outranks: &[&structure::STRING_LENGTH],
        ..Rule::BASE
    },
    on: &Each::<Ami>(|ami, cx| {
        let Some((name, text)) = ami.get_with_text(member::Name) else {
            return;
        };
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b" ()[]./-'@_".contains(&byte);
        if NAME_LENGTH.contains(&text.len()) && text.bytes().all(allowed) {
            return;
        }
        let count = text.chars().count();
        if !NAME_LENGTH.contains(&count) {
            let (least, most) = NAME_LENGTH.into_inner();
            let message = if text.is_empty() {
                format!("the AMI's name is empty; {least} to {most} characters are allowed")
            } else {
                format!(
                    "AMI name `{}` has {}; {least} to {most} are allowed",
                    quoted(text),
                    counted(count, "character")
                )
            };
            cx.report(name, message);
        } else if let Some((at, other)) = text.char_indices().find(|(_, char)| !u8::try_from(*char).is_ok_and(allowed))
        {
            let message = format!(
                "AMI name `{}` has the character `{}`, which EC2 does not take",
                quoted(text),
                other.escape_debug()
            );
            cx.report(name, message).at(name.part(at..at + other.len_utf8()));
        }
    }),
};
