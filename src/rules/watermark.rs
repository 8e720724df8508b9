//! The watermarks of output AMIs.

use crate::model::typed::shapes::{AmiWatermarksList, Image, LaunchPermissionConfiguration};
use crate::rule::prelude::*;
use crate::rules::launch_permission;
use crate::rules::view::launch_permission::public_group;
use crate::rules::view::repeat::{drop_repeat, repeats};

pub(super) static RULES: &[&Check] = &[&WATERMARK_PUBLIC, &WATERMARK_DUPLICATE];

static WATERMARK_PUBLIC: Check = Check {
    rule: &Rule {
        name: "watermark-public",
        summary: "an AMI with watermarks is not public",
        why: "EC2 shares a watermarked AMI with accounts and organizations, but makes none public.",
        help: "drop the watermarks from the recipe, or `all` from `userGroups`",
        source: &["service model: CreateImageRecipeRequest.amiWatermarks"],
        outranks: &[launch_permission::LAUNCH_PERMISSION_PUBLIC.rule],
        ..Rule::BASE
    },
    on: &Each::<LaunchPermissionConfiguration>(|permission, cx| {
        let recipe = cx.ancestor::<Image>().and_then(|image| image.get(member::ImageRecipe));
        let watermarks = recipe.and_then(|recipe| recipe.get(member::AmiWatermarks));
        if let (Some(watermarks), Some(group)) = (watermarks, public_group(permission)) {
            let message = "group `all` makes the AMI public, but an AMI with watermarks cannot be public";
            let finding = cx.report(group, message);
            finding.says("every AWS account").label(watermarks.key_span(), "the watermarks");
        }
    }),
};

static WATERMARK_DUPLICATE: Check = Check {
    rule: &Rule {
        name: "watermark-duplicate",
        summary: "a watermark is listed once",
        why: "The watermarks of an AMI have distinct names; names that differ in case are distinct.",
        help: "drop the repeat",
        source: &["service model: AmiWatermarksList"],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<AmiWatermarksList>(|watermarks, cx| {
        for (first, again) in repeats(watermarks.items(), Node::text) {
            let message = format!("watermark `{}` is listed twice", quoted(again.text().unwrap_or_default()));
            let finding = cx.report(again, message);
            finding.says("again").label(first.span(), "the first").fix(drop_repeat(again));
        }
    }),
};
