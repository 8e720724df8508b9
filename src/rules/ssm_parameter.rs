//! The Systems Manager parameters that distribution writes AMI ids to.

use crate::aws::arn::is_account_id;
use crate::aws::partition;
use crate::aws::ssm::{MOST_LEVELS, has_allowed_characters, levels, name_limit, reserved_prefix};
use crate::model::typed::shapes::{
    Distribution, SsmParameterConfiguration, SsmParameterConfigurationList, SsmParameterName,
};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::destination::target_accounts;
use crate::rules::view::lookup::Lookup;
use crate::rules::view::repeat::repeats;

pub(super) static RULES: &[&Check] =
    &[&SSM_PARAMETER_ACCOUNT, &SSM_PARAMETER_DATA_TYPE, &SSM_PARAMETER_NAME, &SSM_PARAMETER_DUPLICATE];

const CONFIGURATION: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_SsmParameterConfiguration.html";

static SSM_PARAMETER_ACCOUNT: Check = Check {
    rule: &Rule {
        name: "ssm-parameter-account",
        summary: "the account of an SSM parameter is a target account of the same region",
        why: "The parameter is written in an account that receives the AMI, so the entry must list it in \
              `targetAccountIds`. For the image's own account in an entry without target accounts this is only noted.",
        help: "add the account to `targetAccountIds`, or drop `amiAccountId`",
        source: &[CONFIGURATION, "service model: SsmParameterConfiguration.amiAccountId"],
        ..Rule::BASE
    },
    on: &Each::<Distribution>(|entry, cx| {
        let (Some(parameters), Some(region)) =
            (entry.get(member::SsmParameterConfigurations), entry.get_text(member::Region))
        else {
            return;
        };
        let targets = target_accounts(entry);
        // A target that is no account id is reported as such, and may be any account.
        let receivers = Lookup::new(|| targets.map(Node::items).unwrap_or_default().map(account_id));
        for account in parameters.items().filter_map(|parameter| parameter.get(member::AmiAccountId)) {
            let Some(id) = account.text().filter(|id| is_account_id(id)) else {
                continue;
            };
            let Some(targets) = targets else {
                let foreign = cx.account().is_some_and(|own| own != id);
                let message = format!(
                    "`{id}` is not a target account for `{}`: the entry has no `targetAccountIds`",
                    quoted(region)
                );
                cx.report(account, message).level(if foreign { Level::Error } else { Level::Info });
                continue;
            };
            if !receivers.has(&Some(id)) && !receivers.has(&None) {
                let message = format!("`{id}` is not a target account for `{}`", quoted(region));
                cx.report(account, message).label(targets.key_span(), "the accounts that receive the AMI");
            }
        }
    }),
};

fn account_id(target: Node<'_>) -> Option<&str> {
    target.text().filter(|target| is_account_id(target))
}

static SSM_PARAMETER_DATA_TYPE: Check = Check {
    rule: &Rule {
        name: "ssm-parameter-data-type",
        level: Level::Info,
        summary: "an SSM parameter for an AMI has data type `aws:ec2:image`",
        why: "With that data type Systems Manager checks that the value is the id of an AMI; plain text it takes as it \
              is. Both are valid values, so the other is only recommended.",
        help: "set `dataType` to `aws:ec2:image`",
        source: &[CONFIGURATION, "service model: SsmParameterConfiguration.dataType"],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<SsmParameterConfiguration>(|parameter, cx| {
        match (parameter.get(member::DataType), parameter.get(member::ParameterName)) {
            (Some(kind), _) if kind.text() == Some("text") => {
                let fix = Fix::risky("write `aws:ec2:image`", kind.span(), "\"aws:ec2:image\"");
                cx.report(kind, "`dataType` is `text`; `aws:ec2:image` lets Systems Manager check the AMI id").fix(fix);
            }
            (None, Some(name)) => {
                let message = "this parameter has no `dataType`; `aws:ec2:image` is recommended";
                cx.report(parameter, message).at(name.key_span());
            }
            _ => {}
        }
    }),
};

static SSM_PARAMETER_NAME: Check = Check {
    rule: &Rule {
        name: "ssm-parameter-name",
        summary: "an SSM parameter's name is one that Systems Manager takes",
        why: "Names in a hierarchy start with a slash and have up to 15 levels; none starts with `aws` or `ssm` in any \
              case, be it part of a longer word. A name and what precedes it in the parameter's ARN have at most 1011 \
              characters together, which leaves 966 for the name in us-east-1. A parameter is written by its name, not \
              by its ARN.",
        help: "a name reads like `/web/golden-ami`",
        source: &["https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html"],
        outranks: &[&structure::STRING_PATTERN, &structure::STRING_LENGTH],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<SsmParameterName>(|name, cx| {
        let Some(text) = name.text() else {
            return;
        };
        // In the ARN, one slash precedes the name, whether the name starts with one or not.
        let (levels, length) = (levels(text), text.trim_start_matches('/').chars().count());
        let longest = longest_name(cx);
        if text.starts_with("arn:") {
            cx.report(name, format!("`{}` is an ARN; the parameter's name was expected", quoted(text)));
        } else if text.starts_with("ssm:") {
            let message = format!("`{}` refers to a parameter; its name alone was expected", quoted(text));
            cx.report(name, message).at(name.part(0.."ssm:".len()));
        } else if let Some(prefix) = reserved_prefix(text) {
            let message = format!("`{}` starts with `{prefix}`, which Systems Manager keeps for itself", quoted(text));
            cx.report(name, message).at(name.slice(prefix));
        } else if length > longest {
            let message = format!("the parameter's name has {length} characters; its ARN leaves room for {longest}");
            cx.report(name, message);
        } else if levels > MOST_LEVELS {
            cx.report(name, format!("`{}` has {levels} levels; at most {MOST_LEVELS} are allowed", quoted(text)));
        } else if levels > 1 && !text.starts_with('/') {
            let is_fixable = length < longest && has_allowed_characters(text);
            let fix = is_fixable.then(|| Fix::safe("add the slash", name.part(0..0), "/"));
            let message = format!("`{}` has levels, but does not start with `/`", quoted(text));
            cx.report(name, message).fix(fix);
        }
    }),
};

/// The maximum length of a parameter's name in the region of the distribution entry around it.
fn longest_name(cx: &Context<'_>) -> usize {
    let region = cx.ancestor::<Distribution>().and_then(|entry| entry.get_text(member::Region));
    let known = region.and_then(|region| Some((partition::of_region(region)?.name, region)));
    let (partition, region) = known.unwrap_or(("aws", "us-east-1"));
    name_limit(partition, region)
}

static SSM_PARAMETER_DUPLICATE: Check = Check {
    rule: &Rule {
        name: "ssm-parameter-duplicate",
        level: Level::Warning,
        summary: "an SSM parameter is written once in a region and account",
        why: "The second of two configurations for one parameter overwrites what the first has written.",
        help: "drop the repeat, or write the name or account that was meant",
        source: &[CONFIGURATION, "service model: SsmParameterConfiguration"],
        ..Rule::BASE
    },
    on: &Each::<SsmParameterConfigurationList>(|parameters, cx| {
        let written = repeats(parameters.items(), |parameter| {
            Some((parameter.get_text(member::ParameterName)?, parameter.get_text(member::AmiAccountId)))
        });
        for (first, again) in written {
            if let (Some(first), Some(name)) = (first.get(member::ParameterName), again.get(member::ParameterName)) {
                let text = quoted(name.text().unwrap_or_default());
                let account = again.get_text(member::AmiAccountId).filter(|id| is_account_id(id));
                let account = account.map(|id| format!(" for account `{id}`")).unwrap_or_default();
                let message = format!("parameter `{text}` is written twice{account}");
                cx.report(name, message).says("again").label(first.span(), "the first");
            }
        }
    }),
};
