//! The watermarks of output AMIs.

use crate::document::secret::quoted;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::node::Node;
use crate::rules::launch_permission::everyone;
use crate::rules::repeat::{drop_repeat, repeats};

pub(super) static RULES: &[&Rule] = &[&WATERMARK_PUBLIC, &WATERMARK_DUPLICATE];

static WATERMARK_PUBLIC: Rule = Rule {
    name: "watermark-public",
    on: &[Shape::LaunchPermissionConfiguration],
    summary: "an AMI with watermarks is not public",
    why: "EC2 shares a watermarked AMI with accounts and organizations, but makes none public.",
    help: "drop the watermarks from the recipe, or `all` from `userGroups`",
    source: &["service model: CreateImageRecipeRequest.amiWatermarks"],
    outranks: &["launch-permission-public"],
    check: |permission, cx| {
        let recipe = cx.ancestor(Shape::Image).and_then(|image| image.get("imageRecipe"));
        let watermarks = recipe.and_then(|recipe| recipe.get("amiWatermarks"));
        if let (Some(watermarks), Some(group)) = (watermarks, everyone(permission)) {
            let message = "group `all` makes the AMI public, but an AMI with watermarks cannot be public";
            let finding = cx.report(group, message);
            finding.says("every AWS account").label(watermarks.key_span(), "the watermarks");
        }
    },
    ..Rule::BASE
};

static WATERMARK_DUPLICATE: Rule = Rule {
    name: "watermark-duplicate",
    on: &[Shape::AmiWatermarksList],
    summary: "a watermark is listed once",
    why: "The watermarks of an AMI have distinct names; names that differ in case are distinct.",
    help: "drop the repeat",
    source: &["service model: AmiWatermarksList"],
    check: |watermarks, cx| {
        for (first, again) in repeats(watermarks.items(), Node::text) {
            let message = format!("watermark `{}` is listed twice", quoted(again.text().unwrap_or_default()));
            let finding = cx.report(again, message);
            finding.says("again").label(first.span(), "the first").fix(drop_repeat(watermarks, again));
        }
    },
    ..Rule::BASE
};
