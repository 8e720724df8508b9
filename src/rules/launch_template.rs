//! The EC2 launch templates that a distribution updates.

use crate::model::typed::shapes::{Distribution, DistributionList, Image, LaunchTemplateConfigurationList};
use crate::rule::prelude::*;
use crate::rules::view::repeat::repeats;

pub(super) static RULES: &[&Check] =
    &[&LAUNCH_TEMPLATE_SOURCE_REGION, &LAUNCH_TEMPLATE_COUNT, &LAUNCH_TEMPLATE_DUPLICATE];

const GUIDE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/dist-using-launch-template.html";

/// The maximum number of configurations for one region in the service model, and in the console.
const MOST: usize = 100;
const MOST_IN_CONSOLE: usize = 5;

static LAUNCH_TEMPLATE_SOURCE_REGION: Check = Check {
    rule: &Rule {
        name: "launch-template-source-region",
        level: Level::Warning,
        summary: "where any region has a launch template configuration, the source region has one",
        why: "Image Builder starts from the AMI in the region of the build, and asks for at least one launch template \
              configuration there before it updates templates elsewhere.",
        help: "add a launch template configuration to the entry of the source region",
        source: &[GUIDE, "service model: Distribution.launchTemplateConfigurations"],
        ..Rule::BASE
    },
    on: &Each::<DistributionList>(|list, cx| {
        // On a container image, launch templates are reported by `distribution-kind`.
        let is_container = cx.ancestor::<Image>().and_then(|image| image.get_text(member::Type)) == Some("DOCKER");
        let elsewhere = list.items().find_map(launch_templates_of).filter(|_| !is_container);
        let (Some(elsewhere), Some(source)) = (elsewhere, cx.region()) else {
            return;
        };
        let is_source = |entry: &Node<'_, Distribution>| entry.get_text(member::Region) == Some(source);
        // A missing entry for the source region is reported by `distribution-source-region`.
        let Some(region) = list.items().find(is_source).and_then(|entry| entry.get(member::Region)) else {
            return;
        };
        if list.items().filter(is_source).find_map(launch_templates_of).is_none() {
            let message = format!("no launch template configuration in the source region `{source}`");
            cx.report(region, message).label(elsewhere.key_span(), "another region has some");
        }
    }),
};

fn launch_templates_of(entry: Node<'_, Distribution>) -> Option<Node<'_, LaunchTemplateConfigurationList>> {
    entry.get(member::LaunchTemplateConfigurations)
}

static LAUNCH_TEMPLATE_COUNT: Check = Check {
    rule: &Rule {
        name: "launch-template-count",
        level: Level::Info,
        pedantic: true,
        summary: "a region has no more than five launch template configurations",
        why: "The console lets you add five per region. The API takes up to a hundred, but what the console did not \
              make it may not be able to edit.",
        help: "keep to five per region where the settings are edited in the console",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/userguide/cr-upd-ami-distribution-settings.html",
            GUIDE,
        ],
        ..Rule::BASE
    },
    on: &Each::<LaunchTemplateConfigurationList>(|list, cx| {
        let count = list.items().count();
        if (MOST_IN_CONSOLE + 1..=MOST).contains(&count) {
            let message = format!("{count} launch template configurations; the console takes {MOST_IN_CONSOLE}");
            cx.report(list, message).at(list.key_span());
        }
    }),
};

static LAUNCH_TEMPLATE_DUPLICATE: Check = Check {
    rule: &Rule {
        name: "launch-template-duplicate",
        level: Level::Warning,
        summary: "a region names a launch template of an account once",
        why: "Each configuration makes a new version of its template. Two for one template make two versions of the \
              same AMI, and compete for the default.",
        help: "keep one of the two",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_LaunchTemplateConfiguration.html",
            "service model: LaunchTemplateConfiguration.setDefaultVersion",
        ],
        ..Rule::BASE
    },
    on: &Each::<LaunchTemplateConfigurationList>(|list, cx| {
        let own = cx.account();
        let updated = repeats(list.items(), |configuration| {
            Some((configuration.get_text(member::LaunchTemplateId)?, configuration.get_text(member::AccountId).or(own)))
        });
        for (first, again) in updated {
            if let (Some(first), Some(again)) =
                (first.get(member::LaunchTemplateId), again.get(member::LaunchTemplateId))
            {
                let id = quoted(again.text().unwrap_or_default());
                let finding = cx.report(again, format!("launch template `{id}` is updated twice in one region"));
                finding.says("again").label(first.span(), "the first");
            }
        }
    }),
};
