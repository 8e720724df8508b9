//! Who may launch an output AMI.

use crate::document::secret::quoted;
use crate::finding::Level;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::node::Node;

pub(super) static RULES: &[&Rule] =
    &[&LAUNCH_PERMISSION_GROUP, &LAUNCH_PERMISSION_PUBLIC, &LAUNCH_PERMISSION_USERIDS_ALL];

const SOURCE: &[&str] = &[
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_LaunchPermissionConfiguration.html",
    "service model: LaunchPermissionConfiguration.userGroups",
];

/// The group of everyone in a launch permission: it makes the AMI public.
pub(super) fn everyone(permission: Node<'_>) -> Option<Node<'_>> {
    permission.get("userGroups")?.items().find(|group| group.text() == Some("all"))
}

static LAUNCH_PERMISSION_GROUP: Rule = Rule {
    name: "launch-permission-group",
    on: &[Shape::LaunchPermissionConfiguration],
    summary: "the only group in a launch permission is `all`",
    why: "EC2 knows one group, `all`, which stands for everyone. Accounts, organizations and organizational units \
          have members of their own.",
    help: "write `all`, or name accounts in `userIds`",
    source: SOURCE,
    outranks: &["string-length"],
    check: |permission, cx| {
        for group in permission.get("userGroups").into_iter().flat_map(Node::items) {
            if let Some(text) = group.text().filter(|text| *text != "all") {
                cx.report(group, format!("unknown group `{}`; the only group is `all`", quoted(text)));
            }
        }
    },
    ..Rule::BASE
};

static LAUNCH_PERMISSION_PUBLIC: Rule = Rule {
    name: "launch-permission-public",
    level: Level::Info,
    on: &[Shape::LaunchPermissionConfiguration],
    summary: "an AMI is not public",
    why: "The group `all` lets every AWS account launch the AMI and read what was built into it. That may be meant; \
          it is worth knowing.",
    help: "if it is meant, turn this rule off in the settings",
    source: SOURCE,
    check: |permission, cx| {
        if let Some(group) = everyone(permission) {
            cx.report(group, "group `all` makes this AMI public").says("every AWS account may launch it");
        }
    },
    ..Rule::BASE
};

static LAUNCH_PERMISSION_USERIDS_ALL: Rule = Rule {
    name: "launch-permission-userids-all",
    on: &[Shape::LaunchPermissionConfiguration],
    summary: "`all` stands in `userGroups`, not in `userIds`",
    why: "`userIds` takes account ids of 12 digits. An older text of the user guide suggests `all` for the accounts \
          where it means the group.",
    help: "move `all` to `userGroups` if the AMI is meant to be public",
    source: &[
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_LaunchPermissionConfiguration.html",
        "service model: LaunchPermissionConfiguration.userIds",
    ],
    outranks: &["string-pattern"],
    check: |permission, cx| {
        for account in permission.get("userIds").into_iter().flat_map(Node::items) {
            if account.text() == Some("all") {
                cx.report(account, "`all` in `userIds`, where account ids are expected; it is a group of `userGroups`");
            }
        }
    },
    ..Rule::BASE
};
