//! Launch permissions: who may launch an output AMI.

use crate::model::typed::shapes::LaunchPermissionConfiguration;
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::launch_permission::public_group;

pub(super) static RULES: &[&Check] =
    &[&LAUNCH_PERMISSION_GROUP, &LAUNCH_PERMISSION_PUBLIC, &LAUNCH_PERMISSION_USERIDS_ALL];

const SOURCE: &[&str] = &[
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_LaunchPermissionConfiguration.html",
    "service model: LaunchPermissionConfiguration.userGroups",
];

static LAUNCH_PERMISSION_GROUP: Check = Check {
    rule: &Rule {
        name: "launch-permission-group",
        summary: "the only group in a launch permission is `all`",
        why: "EC2 knows one group, `all`, which stands for everyone. Accounts, organizations and organizational units \
              have members of their own.",
        help: "write `all`, or name accounts in `userIds`",
        source: SOURCE,
        outranks: &[&structure::STRING_LENGTH],
        ..Rule::BASE
    },
    on: &Each::<LaunchPermissionConfiguration>(|permission, cx| {
        for group in permission.items_of(member::UserGroups) {
            if let Some(text) = group.text().filter(|text| *text != "all") {
                let found = if text.is_empty() {
                    "an empty group".to_owned()
                } else {
                    format!("unknown group `{}`", quoted(text))
                };
                cx.report(group, format!("{found}; the only group is `all`"));
            }
        }
    }),
};

pub(super) static LAUNCH_PERMISSION_PUBLIC: Check = Check {
    rule: &Rule {
        name: "launch-permission-public",
        level: Level::Info,
        summary: "an AMI is not public",
        why: "The group `all` lets every AWS account launch the AMI and read what was built into it. That may be \
              meant; it is worth knowing.",
        help: "if it is meant, turn this rule off in the settings",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<LaunchPermissionConfiguration>(|permission, cx| {
        if let Some(group) = public_group(permission) {
            cx.report(group, "group `all` makes this AMI public").says("every AWS account may launch it");
        }
    }),
};

static LAUNCH_PERMISSION_USERIDS_ALL: Check = Check {
    rule: &Rule {
        name: "launch-permission-userids-all",
        summary: "`all` stands in `userGroups`, not in `userIds`",
        why: "`userIds` takes account ids of 12 digits; `all` is a group, which makes an AMI public.",
        help: "move `all` to `userGroups` if the AMI is meant to be public",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_LaunchPermissionConfiguration.html",
            "service model: LaunchPermissionConfiguration.userIds",
        ],
        outranks: &[&structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<LaunchPermissionConfiguration>(|permission, cx| {
        for account in permission.items_of(member::UserIds) {
            if account.text() == Some("all") {
                cx.report(account, "`all` in `userIds`, where account ids are expected; it is a group of `userGroups`");
            }
        }
    }),
};
