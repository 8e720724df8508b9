//! Lists: entries that come twice, their owners, and whether the list is whole.

use crate::aws::arn::is_account_id;
use crate::document::secret::quoted;
use crate::finding::Level;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::node::Node;
use crate::rules::arn::image_builder_arn;
use crate::rules::repeat::{drop_repeat, repeats};

pub(super) static RULES: &[&Rule] = &[&LIST_DUPLICATE_ARN, &LIST_OWNER, &LIST_NEXT_TOKEN];

static LIST_DUPLICATE_ARN: Rule = Rule {
    name: "list-duplicate-arn",
    level: Level::Warning,
    on: &[Shape::ImageVersionList, Shape::ImageSummaryList],
    summary: "a list has every image once",
    why: "An ARN names one image. Listed twice, two answers or two pages that overlap were put together.",
    help: "keep one of the entries; where they differ, the later answer",
    source: &["service model: ListImagesResponse.imageVersionList", "service model: ImageSummary.arn"],
    check: |images, cx| {
        for (first, again) in repeats(images.items(), |image| image.get_text("arn")) {
            let (Some(one), Some(other)) = (first.get("arn"), again.get("arn")) else {
                continue;
            };
            let message = format!("image `{}` is listed twice", quoted(other.text().unwrap_or_default()));
            let fix = drop_repeat(images, again).filter(|_| source_of(first) == source_of(again));
            cx.report(other, message).says("again").label(one.span(), "first").fix(fix);
        }
    },
    ..Rule::BASE
};

/// The text that a node stands for in its document.
fn source_of(node: Node<'_>) -> &str {
    let span = node.span();
    &node.document().text[span.start..span.end]
}

static LIST_OWNER: Rule = Rule {
    name: "list-owner",
    level: Level::Info,
    on: &[
        Shape::ImageVersion,
        Shape::ImageSummary,
        Shape::ImageRecipe,
        Shape::ImageRecipeSummary,
        Shape::ContainerRecipe,
        Shape::ContainerRecipeSummary,
    ],
    summary: "the owner of an image or recipe is the account in its ARN",
    why: "Both name who created the resource: an account by its twelve digits, Amazon as `Amazon` here and as `aws` \
          in the ARN.",
    help: "one of the two was edited, or replaced when the capture was scrubbed",
    source: &["service model: Component.owner", "service model: ImageVersion.owner"],
    check: |resource, cx| {
        let (Some(owner), Some(arn)) = (resource.get("owner"), resource.get("arn")) else {
            return;
        };
        let (Some(text), Some((named, _))) = (owner.text(), image_builder_arn(arn, cx)) else {
            return;
        };
        let expected = if text == "Amazon" { "aws" } else { text };
        if (is_account_id(text) || text == "Amazon") && named.account != expected {
            let message = format!("the owner is `{text}`, but the ARN has account `{}`", quoted(named.account));
            cx.report(owner, message).label(arn.slice(named.account), "the account in the ARN");
        }
    },
    ..Rule::BASE
};

static LIST_NEXT_TOKEN: Rule = Rule {
    name: "list-next-token",
    level: Level::Info,
    on: &[Shape::PaginationToken, Shape::ListContainerRecipesResponse],
    summary: "a list that was captured is whole",
    why: "A token in the answer says that there is more. What is absent from one page may well exist.",
    help: "fetch the other pages too; the AWS CLI and the paginators of the SDKs do so by themselves",
    source: &["service model: PaginationToken", "service model: ListImagesResponse.nextToken"],
    check: |node, cx| {
        // Container recipes alone give their token a shape that other members have too.
        let token = if node.shape() == Shape::PaginationToken { Some(node) } else { node.get("nextToken") };
        if let Some(token) = token.filter(|token| token.text().is_some_and(|text| !text.is_empty())) {
            cx.report(token, "this is one page of a list; `nextToken` says that there is more").at(token.key_span());
        }
    },
    ..Rule::BASE
};
