//! Faster launching of Windows AMIs.

use crate::aws::arn::is_account_id;
use crate::finding::Level;
use crate::finding::fix::Fix;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::context::Context;
use crate::rule::node::Node;
use crate::rules::distribution::target_accounts;
use crate::rules::repeat::Seen;

pub(super) static RULES: &[&Rule] = &[
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

/// The least number of parallel launches that EC2 accepts.
const LEAST_PARALLEL_LAUNCHES: i128 = 6;

static FAST_LAUNCH_PLATFORM: Rule = Rule {
    name: "fast-launch-platform",
    level: Level::Warning,
    on: &[Shape::FastLaunchConfigurationList],
    summary: "fast launch is enabled for Windows images only",
    why: "EC2 prepares snapshots in advance to shorten the first start of Windows. It has nothing to shorten on other \
          platforms and refuses to.",
    help: "drop the fast launch configurations, or disable them",
    source: &[CONFIGURATION, "service model: Distribution.fastLaunchConfigurations"],
    check: |list, cx| {
        // On a container image, fast launch itself is `distribution-kind`'s.
        let is_container = cx.ancestor(Shape::Image).and_then(|image| image.get_text("type")) == Some("DOCKER");
        let Some(platform) = cx.nearest(list, "platform").filter(|_| !is_container) else {
            return;
        };
        // Another spelling of `Windows` is `enum-value`'s.
        let Some(found) = platform.text().filter(|found| !found.eq_ignore_ascii_case("Windows")) else {
            return;
        };
        let enabled = |configuration: Node<'_>| configuration.get("enabled").and_then(Node::boolean) == Some(true);
        let mut enabled = list.items().filter(|item| enabled(*item)).filter_map(|item| item.get("enabled"));
        if let Some(first) = enabled.next() {
            let message = format!("fast launch is enabled for a `{found}` image; it is for Windows AMIs");
            let finding = cx.report(first, message);
            finding.label(platform.span(), "the platform");
            for other in enabled {
                finding.label(other.span(), "and here");
            }
        }
    },
    ..Rule::BASE
};

static FAST_LAUNCH_TEMPLATE_EXCLUSIVE: Rule = Rule {
    name: "fast-launch-template-exclusive",
    on: &[Shape::FastLaunchLaunchTemplateSpecification],
    summary: "`launchTemplateId` and `launchTemplateName` exclude each other",
    why: "A launch template is named by its id or by its name. EC2 refuses both at once, although a sample of the user \
          guide has both.",
    help: "keep one of the two; the id survives a template of the same name",
    source: &[TEMPLATE, "service model: FastLaunchLaunchTemplateSpecification.launchTemplateId"],
    check: |template, cx| {
        if let (Some(id), Some(name)) = (named(template, "launchTemplateId"), named(template, "launchTemplateName")) {
            let message = "`launchTemplate` has both an id and a name; one of the two was expected";
            let finding = cx.report(template, message);
            finding.at(id.key_span()).says("this id").label(name.key_span(), "and this name");
        }
    },
    ..Rule::BASE
};

fn named<'d>(template: Node<'d>, member: &str) -> Option<Node<'d>> {
    template.get(member).filter(|node| node.text() != Some(""))
}

static FAST_LAUNCH_TEMPLATE_EMPTY: Rule = Rule {
    name: "fast-launch-template-empty",
    level: Level::Warning,
    on: &[Shape::FastLaunchLaunchTemplateSpecification],
    summary: "a launch template is named by its id or its name",
    why: "A version alone says nothing: it is that of a template which the id or the name would select.",
    help: "add `launchTemplateId` or `launchTemplateName`, or drop the launch template",
    source: &[TEMPLATE, "service model: FastLaunchLaunchTemplateSpecification"],
    check: |template, cx| {
        let has = |member: &str| template.get(member).is_some();
        if !template.is_empty() && !has("launchTemplateId") && !has("launchTemplateName") {
            let message = "`launchTemplate` names no launch template; an id or a name was expected";
            cx.report(template, message).at(template.key_span());
        }
    },
    ..Rule::BASE
};

static FAST_LAUNCH_PARALLEL: Rule = Rule {
    name: "fast-launch-parallel",
    level: Level::Warning,
    on: &[Shape::MaxParallelLaunches],
    summary: "fast launch runs at least six launches in parallel",
    why: "EC2 accepts no fewer than six when fast launch is enabled, so the distribution fails. Image Builder's own \
          model and samples allow fewer.",
    help: "write 6 or more, or leave the member out: EC2 takes 6 then",
    source: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableFastLaunch.html",
        "service model: FastLaunchConfiguration.maxParallelLaunches",
    ],
    outranks: &["number-range"],
    check: |launches, cx| {
        if let Some(count) = launches.integer().filter(|count| *count < LEAST_PARALLEL_LAUNCHES) {
            let message =
                format!("`maxParallelLaunches` is {count}; EC2 takes no fewer than {LEAST_PARALLEL_LAUNCHES}");
            let fix = Fix::risky("write 6", launches.span(), LEAST_PARALLEL_LAUNCHES.to_string());
            cx.report(launches, message).fix(fix);
        }
    },
    ..Rule::BASE
};

static FAST_LAUNCH_ACCOUNT: Rule = Rule {
    name: "fast-launch-account",
    level: Level::Warning,
    on: &[Shape::Distribution],
    summary: "fast launch and launch templates are set up in accounts that get the AMI, fast launch once in each",
    why: "Fast launch works on an AMI that the account owns, a launch template needs one that the account may launch. \
          An account gets the AMI as the image's own, as a target account or, to launch it, by a launch permission.",
    help: "add the account to `targetAccountIds` of the entry, or drop the configuration",
    source: &[
        CONFIGURATION,
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_LaunchTemplateConfiguration.html",
        "service model: FastLaunchConfiguration.accountId",
    ],
    check: |entry, cx| {
        let targets = target_accounts(entry);
        let permission = entry.get("amiDistributionConfiguration").and_then(|ami| ami.get("launchPermission"));
        let users = permission.and_then(|permission| permission.get("userIds"));
        // Who is in an organization, this document does not say.
        let open = permission.is_some_and(|permission| {
            ["userGroups", "organizationArns", "organizationalUnitArns"].iter().any(|all| permission.get(all).is_some())
        });
        let lists = |list: Option<Node<'_>>, account: &str| {
            list.is_some_and(|list| list.items().any(|item| item.text() == Some(account)))
        };
        if let Some(configurations) = entry.get("fastLaunchConfigurations") {
            check_accounts(entry, configurations, cx, |account| lists(targets, account));
        }
        if let Some(configurations) = entry.get("launchTemplateConfigurations").filter(|_| !open) {
            check_accounts(entry, configurations, cx, |account| lists(targets, account) || lists(users, account));
        }
    },
    ..Rule::BASE
};

fn check_accounts<'d>(
    entry: Node<'d>,
    configurations: Node<'d>,
    cx: &mut Context<'d>,
    receives: impl Fn(&str) -> bool,
) {
    let once = configurations.shape() == Shape::FastLaunchConfigurationList;
    let mut seen = Seen::new();
    for account in configurations.items().filter_map(account_of) {
        let id = account.text().unwrap_or_default();
        if let Some(first) = seen.earlier(id, account).filter(|_| once) {
            let message = format!("`{id}` has two fast launch configurations in one region; one was expected");
            cx.report(account, message).says("again").label(first.span(), "the first");
        } else if !receives(id) && cx.account().is_some_and(|own| own != id) {
            let region = entry.get_text("region").unwrap_or("this region");
            let message = format!("`{id}` does not receive the AMI in `{region}`");
            let own = cx.owner().map(|owner| owner.account_span());
            let finding = cx.report(account, message);
            if let Some(own) = own {
                finding.label(own, "the account that owns the AMI");
            }
        }
    }
}

/// The account of a configuration; one that is not twelve digits is `string-pattern`'s.
fn account_of(configuration: Node<'_>) -> Option<Node<'_>> {
    configuration.get("accountId").filter(|node| node.text().is_some_and(is_account_id))
}
