//! Fast launch of Windows AMIs.

use crate::aws::arn::is_account_id;
use crate::model::typed::ListOf;
use crate::model::typed::shapes::{
    Distribution, FastLaunchConfiguration, FastLaunchConfigurationList, FastLaunchLaunchTemplateSpecification, Image,
    MaxParallelLaunches,
};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::destination::target_accounts;
use crate::rules::view::lookup::Lookup;
use crate::rules::view::repeat::Seen;

pub(super) static RULES: &[&Check] = &[
    &FAST_LAUNCH_PLATFORM,
    &FAST_LAUNCH_TEMPLATE_EXCLUSIVE,
    &FAST_LAUNCH_TEMPLATE_EMPTY,
    &FAST_LAUNCH_PARALLEL,
    &FAST_LAUNCH_ACCOUNT,
];

const CONFIGURATION: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_FastLaunchConfiguration.html";
const TEMPLATE: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_FastLaunchLaunchTemplateSpecification.html";

/// The minimum number of parallel launches that EC2 accepts.
const LEAST_PARALLEL_LAUNCHES: i128 = 6;

/// Whether a configuration turns fast launch off, so that nothing else in it matters.
fn is_disabled(configuration: Node<'_, FastLaunchConfiguration>) -> bool {
    configuration.get(member::Enabled).and_then(Node::boolean) == Some(false)
}

/// Whether the configuration around a node turns fast launch off.
fn is_in_disabled(cx: &Context<'_>) -> bool {
    cx.ancestor::<FastLaunchConfiguration>().is_some_and(is_disabled)
}

static FAST_LAUNCH_PLATFORM: Check = Check {
    rule: &Rule {
        name: "fast-launch-platform",
        level: Level::Warning,
        summary: "fast launch is enabled for Windows images only",
        why: "EC2 prepares snapshots in advance to shorten the first start of Windows. It has nothing to shorten on \
              other platforms and refuses to.",
        help: "drop the fast launch configurations, or disable them",
        source: &[CONFIGURATION, "service model: Distribution.fastLaunchConfigurations"],
        ..Rule::BASE
    },
    on: &Each::<FastLaunchConfigurationList>(|list, cx| {
        // Fast launch of a container image is reported by `distribution-kind`, if the entry has nothing else.
        let is_container = cx.ancestor::<Image>().and_then(|image| image.get_text(member::Type)) == Some("DOCKER");
        let Some(platform) = cx.nearest(list, member::Platform).filter(|_| !is_container) else {
            return;
        };
        // Another spelling of `Windows` is reported by `enum-value`.
        let Some(found) = platform.text().filter(|found| !found.eq_ignore_ascii_case("Windows")) else {
            return;
        };
        let flags = list.items().filter_map(|configuration| configuration.get(member::Enabled));
        let mut enabled = flags.filter(|flag| flag.boolean() == Some(true));
        if let Some(first) = enabled.next() {
            let message = format!("fast launch is enabled for a `{found}` image; it is for Windows AMIs");
            let finding = cx.report(first, message);
            finding.label(platform.span(), "the platform");
            for other in enabled {
                finding.label(other.span(), "and here");
            }
        }
    }),
};

static FAST_LAUNCH_TEMPLATE_EXCLUSIVE: Check = Check {
    rule: &Rule {
        name: "fast-launch-template-exclusive",
        summary: "`launchTemplateId` and `launchTemplateName` exclude each other",
        why: "A launch template is named by its id or by its name. EC2 refuses both at once, although a sample of the \
              user guide has both.",
        help: "keep one of the two; the id survives a template of the same name",
        source: &[TEMPLATE, "service model: FastLaunchLaunchTemplateSpecification.launchTemplateId"],
        ..Rule::BASE
    },
    on: &Each::<FastLaunchLaunchTemplateSpecification>(|template, cx| {
        let id = template.get(member::LaunchTemplateId).filter(is_filled);
        let name = template.get(member::LaunchTemplateName).filter(is_filled);
        if let (Some(id), Some(name), false) = (id, name, is_in_disabled(cx)) {
            let message =
                "`launchTemplateId` and `launchTemplateName` exclude each other; a launch template has one of them";
            let finding = cx.report(template, message);
            finding.at(id.key_span()).says("this id").label(name.key_span(), "and this name");
        }
    }),
};

fn is_filled(node: &Node<'_>) -> bool {
    node.text() != Some("")
}

static FAST_LAUNCH_TEMPLATE_EMPTY: Check = Check {
    rule: &Rule {
        name: "fast-launch-template-empty",
        level: Level::Warning,
        summary: "a launch template is named by its id or its name",
        why: "A version alone says nothing: it is that of a template which the id or the name would select.",
        help: "add `launchTemplateId` or `launchTemplateName`, or drop the launch template",
        source: &[TEMPLATE, "service model: FastLaunchLaunchTemplateSpecification"],
        ..Rule::BASE
    },
    on: &Each::<FastLaunchLaunchTemplateSpecification>(|template, cx| {
        let named = template.get(member::LaunchTemplateId).or_else(|| template.get(member::LaunchTemplateName));
        if !template.is_empty() && named.is_none() && !is_in_disabled(cx) {
            let message = "`launchTemplate` names no launch template; an id or a name was expected";
            cx.report(template, message).at(template.key_span());
        }
    }),
};

static FAST_LAUNCH_PARALLEL: Check = Check {
    rule: &Rule {
        name: "fast-launch-parallel",
        level: Level::Warning,
        summary: "fast launch runs at least six launches in parallel",
        why: "EC2 accepts no fewer than six when fast launch is enabled, so the distribution fails. Image Builder's \
              own model and samples allow fewer.",
        help: "write 6 or more, or leave the member out: EC2 takes 6 then",
        source: &[
            "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableFastLaunch.html",
            "service model: FastLaunchConfiguration.maxParallelLaunches",
        ],
        outranks: &[&structure::NUMBER_RANGE],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<MaxParallelLaunches>(|launches, cx| {
        let few = launches.integer().filter(|count| *count < LEAST_PARALLEL_LAUNCHES);
        if let Some(count) = few.filter(|_| !is_in_disabled(cx)) {
            let message =
                format!("`maxParallelLaunches` is {count}; EC2 takes no fewer than {LEAST_PARALLEL_LAUNCHES}");
            let fix = Fix::risky("write 6", launches.span(), LEAST_PARALLEL_LAUNCHES.to_string());
            cx.report(launches, message).fix(fix);
        }
    }),
};

static FAST_LAUNCH_ACCOUNT: Check = Check {
    rule: &Rule {
        name: "fast-launch-account",
        level: Level::Warning,
        summary: "fast launch and launch templates are set up in accounts that get the AMI, fast launch once in each",
        why: "Both need an AMI that the account owns or may launch. An account gets the AMI as the image's own, as a \
              target account or by a launch permission. A configuration that turns fast launch off is not judged.",
        help: "add the account to `targetAccountIds` of the entry, or drop the configuration",
        source: &[
            CONFIGURATION,
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_LaunchTemplateConfiguration.html",
            "service model: FastLaunchConfiguration.accountId",
        ],
        ..Rule::BASE
    },
    on: &Each::<Distribution>(|entry, cx| {
        let targets = target_accounts(entry);
        let permission =
            entry.get(member::AmiDistributionConfiguration).and_then(|ami| ami.get(member::LaunchPermission));
        let users = permission.and_then(|permission| permission.get(member::UserIds));
        // The document does not list the accounts of a group, an organization or an organizational unit.
        let is_shared_with_groups = permission.is_some_and(|permission| {
            permission.get(member::UserGroups).is_some()
                || permission.get(member::OrganizationArns).is_some()
                || permission.get(member::OrganizationalUnitArns).is_some()
        });
        let lists = [targets, users];
        let receivers = Lookup::new(move || lists.into_iter().flatten().flat_map(Node::items).filter_map(Node::text));
        let receives = |account| is_shared_with_groups || receivers.has(&account);
        if let Some(configurations) = entry.get(member::FastLaunchConfigurations) {
            check_accounts(entry, configurations, cx, receives);
        }
        if let Some(configurations) = entry.get(member::LaunchTemplateConfigurations) {
            check_accounts(entry, configurations, cx, receives);
        }
    }),
};

fn check_accounts<'d, L>(
    entry: Node<'d, Distribution>,
    configurations: Node<'d, L>,
    cx: &mut Reporter<'_, 'd>,
    receives: impl Fn(&'d str) -> bool,
) where
    L: ListOf,
    L::Item: Has<member::AccountId, Value = Any>,
{
    let once = configurations.is::<FastLaunchConfigurationList>();
    let mut seen = Seen::new();
    let is_off = |configuration: &Node<'d, L::Item>| configuration.any().cast().is_some_and(is_disabled);
    let enabled = configurations.items().filter(|configuration| !is_off(configuration));
    for account in enabled.filter_map(|configuration| configuration.get(member::AccountId)) {
        // An account that is not twelve digits is reported by `string-pattern`.
        let Some(id) = account.text().filter(|id| is_account_id(id)) else {
            continue;
        };
        if let Some(first) = seen.earlier(id, account).filter(|_| once) {
            let message = format!("`{id}` has two fast launch configurations in one region; one was expected");
            cx.report(account, message).says("again").label(first.span(), "the first");
        } else if !receives(id) && cx.account().is_some_and(|own| own != id) {
            let region = entry.get_text(member::Region).unwrap_or("this region");
            let message = format!("`{id}` does not receive the AMI in `{region}`");
            let own = cx.owner().map(|owner| owner.account_span());
            let finding = cx.report(account, message);
            if let Some(own) = own {
                finding.label(own, "the account that owns the AMI");
            }
        }
    }
}
