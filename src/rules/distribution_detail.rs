//! Details of distribution configurations: licenses, organizational units, the timeout and the role of exports.

use crate::aws::arn::Arn;
use crate::aws::partition;
use crate::model::typed::shapes::{
    Distribution, DistributionTimeoutMinutes, LicenseConfigurationArnList, OrganizationalUnitArn, S3ExportConfiguration,
};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::repeat::Seen;

pub(super) static RULES: &[&Check] = &[&LICENSE_REGION, &OU_ARN_TAIL, &DISTRIBUTION_TIMEOUT, &S3_EXPORT_ROLE];

static LICENSE_REGION: Check = Check {
    rule: &Rule {
        name: "license-region",
        level: Level::Warning,
        summary: "a distribution entry names license configurations of its own region, each once",
        why: "License configurations are regional, and Image Builder attaches them to the AMI of the entry's region; \
              one of another region cannot be attached there.",
        help: "name the license configuration of the entry's region, or move the ARN to the entry of its region",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Distribution.html",
            "service model: Distribution.licenseConfigurationArns",
        ],
        ..Rule::BASE
    },
    on: &Each::<LicenseConfigurationArnList>(|list, cx| {
        let entry = cx.parent().and_then(Node::cast::<Distribution>);
        let region = entry.and_then(|entry| entry.get(member::Region));
        let known = |region: &str| partition::of_region(region).is_some();
        let expected = region.and_then(Node::text).filter(|region| known(region));
        let mut seen = Seen::new();
        for license in list.items() {
            let Some(text) = license.text() else {
                continue;
            };
            if let Some(first) = seen.earlier(text, license) {
                let id = text.rsplit(':').next().unwrap_or(text);
                let message = format!("license configuration `{}` is listed twice", quoted(id));
                cx.report(license, message).says("again").label(first.span(), "the first");
                continue;
            }
            let found = cx.arn(license).map(|arn_node| arn_node.arn).filter(|arn| arn.service == "license-manager");
            if let (Some(found), Some(region), Some(expected)) = (found, region, expected)
                && found.region != expected
                && known(found.region)
            {
                let message =
                    format!("the license configuration is in `{}`, the entry is for `{expected}`", found.region);
                cx.report(license, message).at(license.slice(found.region)).label(region.span(), "the entry's region");
            }
        }
    }),
};

static OU_ARN_TAIL: Check = Check {
    rule: &Rule {
        name: "ou-arn-tail",
        level: Level::Warning,
        summary: "the ARN of an organizational unit ends with the unit's id",
        why: "The pattern of the service model has no end, so text after the id passes there. The ARN then names no \
              organizational unit, and the AMI is shared with nobody.",
        help: "an ARN reads arn:<partition>:organizations::<account>:ou/o-<organization>/ou-<root>-<unit>",
        source: &[
            "https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html",
            "service model: OrganizationalUnitArn",
        ],
        // The model's own pattern has no end; the one that is checked has.
        excuses: &[&structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<OrganizationalUnitArn>(|unit, cx| {
        let tail = cx.arn(unit).and_then(|arn_node| tail_of(arn_node.arn)).filter(|tail| !tail.is_empty());
        if let Some(tail) = tail {
            let message = format!("`{}` after the id of the organizational unit; its ARN ends there", quoted(tail));
            cx.report(unit, message).at(unit.slice(tail));
        }
    }),
};

/// The text after the id in the ARN of an organizational unit; None where the ARN is invalid.
fn tail_of<'a>(arn: &Arn<'a>) -> Option<&'a str> {
    let is_valid = arn.partition.starts_with("aws") && arn.service == "organizations" && arn.region.is_empty();
    let organization = arn.resource.strip_prefix("ou/o-").filter(|_| is_valid && arn.has_account_id())?;
    let root = after_id(organization, 10)?.strip_prefix("/ou-")?;
    after_id(after_id(root, 4)?.strip_prefix('-')?, 8)
}

/// The text after an id of `least` to 32 lower-case letters and digits.
fn after_id(text: &str, least: usize) -> Option<&str> {
    let ends = |byte: u8| !byte.is_ascii_lowercase() && !byte.is_ascii_digit();
    let length = text.bytes().position(ends).unwrap_or(text.len()).min(32);
    (length >= least).then(|| &text[length..])
}

static DISTRIBUTION_TIMEOUT: Check = Check {
    rule: &Rule {
        name: "distribution-timeout",
        level: Level::Info,
        pedantic: true,
        summary: "a distribution's `timeoutMinutes` is 720",
        why: "Image Builder does not use this property: it cannot be set when a configuration is created or updated, \
              and has no effect. In real captures it is 720, so that another number was probably written by hand.",
        help: "restore the number that the response had",
        source: &[
            "observed: in every real capture it is 720; samples in the documentation have other numbers, too",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_DistributionConfiguration.html",
            "service model: DistributionConfiguration.timeoutMinutes",
        ],
        ..Rule::BASE
    },
    on: &Each::<DistributionTimeoutMinutes>(|timeout, cx| {
        // A number out of range is reported by `number-range`.
        if let Some(minutes) = timeout.integer().filter(|minutes| (30..720).contains(minutes)) {
            cx.report(timeout, format!("`timeoutMinutes` is {minutes}; 720 was expected, and it cannot be set"));
        }
    }),
};

static S3_EXPORT_ROLE: Check = Check {
    rule: &Rule {
        name: "s3-export-role",
        level: Level::Warning,
        summary: "`roleName` of an export to S3 is the name of a role",
        why: "The member takes the name of the role that VM Import/Export acts with. An ARN or a path is not that \
              name, and the export fails when the image is distributed.",
        help: "write the name of the role, the part after the last slash of its ARN",
        source: &[
            "service model: S3ExportConfiguration.roleName",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_S3ExportConfiguration.html",
        ],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<S3ExportConfiguration>(|export, cx| {
        let role = export.get_with_text(member::RoleName);
        let Some((node, text)) = role.filter(|(_, text)| text.starts_with("arn:") || text.contains('/')) else {
            return;
        };
        let found = if text.starts_with("arn:") { "an ARN" } else { "a path" };
        let message = format!("`roleName` is {found}, `{}`; the name of a role was expected", quoted(text));
        cx.report(node, message).fix(keep_role_name(node, text));
    }),
};

/// Replaces a path or the ARN of a role by the name at its end.
fn keep_role_name(node: Node<'_>, text: &str) -> Option<Fix> {
    let is_role = |arn: Arn<'_>| arn.service == "iam" && arn.resource.starts_with("role/");
    let holds_name = !text.starts_with("arn:") || Arn::parse(text).is_some_and(is_role);
    let (_, name) = text.rsplit_once('/')?;
    let is_name = (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte));
    (holds_name && is_name).then(|| Fix::safe("keep the name alone", node.span(), format!("\"{name}\"")))
}
