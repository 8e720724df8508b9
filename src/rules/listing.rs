//! Lists: duplicate entries, owners of entries, and whether the list is complete.

use crate::aws::arn::is_account_id;
use crate::model::typed::ListOf;
use crate::model::typed::shapes::{
    ContainerRecipe, ContainerRecipeSummary, ImageRecipe, ImageRecipeSummary, ImageSummary, ImageSummaryList,
    ImageVersion, ImageVersionList, ListContainerRecipesResponse, PaginationToken, PclusterListImages,
    PclusterListOfficialImages, PclusterLogStreams, PclusterStackEvents,
};
use crate::rule::prelude::*;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::repeat::{drop_repeat, repeats};
use crate::rules::view::source::OPEN_API;

pub(super) static RULES: &[&Check] = &[&LIST_DUPLICATE_ARN, &LIST_OWNER, &LIST_NEXT_TOKEN];

static LIST_DUPLICATE_ARN: Check = Check {
    rule: &Rule {
        name: "list-duplicate-arn",
        level: Level::Warning,
        summary: "a list has every image once",
        why: "An ARN names one image. Listed twice, two answers or two pages that overlap were put together.",
        help: "keep one of the entries; where they differ, the later answer",
        source: &["service model: ListImagesResponse.imageVersionList", "service model: ImageSummary.arn"],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<(ImageVersionList, ImageSummaryList)>(|images, cx| {
        if let Some(versions) = images.any().cast::<ImageVersionList>() {
            report_repeats(versions, cx);
        } else if let Some(summaries) = images.any().cast::<ImageSummaryList>() {
            report_repeats(summaries, cx);
        }
    }),
};

fn report_repeats<'d, L>(images: Node<'d, L>, cx: &mut Reporter<'_, 'd>)
where
    L: ListOf,
    L::Item: Has<member::Arn, Value = Any>,
{
    for (first, again) in repeats(images.items(), |image| image.get_text(member::Arn)) {
        let (Some(one), Some(other)) = (first.get(member::Arn), again.get(member::Arn)) else {
            continue;
        };
        let message = format!("image `{}` is listed twice", quoted(other.text().unwrap_or_default()));
        let fix = drop_repeat(again).filter(|_| source_text(first.any()) == source_text(again.any()));
        cx.report(other, message).says("again").label(one.span(), "first").fix(fix);
    }
}

/// The source text of a node in its document.
fn source_text(node: Node<'_>) -> &str {
    let span = node.span();
    &node.document().text[span.start..span.end]
}

static LIST_OWNER: Check = Check {
    rule: &Rule {
        name: "list-owner",
        level: Level::Info,
        summary: "the owner of an image or recipe is the account in its ARN",
        why: "Both name who created the resource: an account by its twelve digits, Amazon as `Amazon` here and as \
              `aws` in the ARN. That is documented for components only, and observed of images and recipes.",
        help: "one of the two was edited, or replaced when the capture was scrubbed",
        source: &[
            "service model: Component.owner",
            "observed: in every published list the owner of an image or a recipe is the account in its ARN",
        ],
        ..Rule::BASE
    },
    on: &Each::<(ImageVersion, ImageSummary, ImageRecipe, ImageRecipeSummary, ContainerRecipe, ContainerRecipeSummary)>(
        |resource, cx| {
            let (Some(owner), Some(arn)) = (resource.get(member::Owner), resource.get(member::Arn)) else {
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
    ),
};

static LIST_NEXT_TOKEN: Check = Check {
    rule: &Rule {
        name: "list-next-token",
        level: Level::Info,
        pedantic: true,
        summary: "a list that was captured is whole",
        why: "A token in the answer says that there is more. What is absent from one page may well exist. Many pages \
              are kept on purpose, so the rule is off by default.",
        help: "fetch the other pages too; the AWS CLI and the paginators of the SDKs do so by themselves",
        source: &[
            "service model: PaginationToken",
            "service model: ListImagesResponse.nextToken",
            "https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html",
            OPEN_API,
        ],
        ..Rule::BASE
    },
    on: &Each::<(
        PaginationToken,
        ListContainerRecipesResponse,
        PclusterListImages,
        PclusterListOfficialImages,
        PclusterLogStreams,
        PclusterStackEvents,
    )>(|node, cx| {
        // In some lists the token has a general shape, which other members have, too.
        let token =
            if node.is::<PaginationToken>() { Some(node.any()) } else { node.any().get_if_any(member::NextToken) };
        if let Some(token) = token.filter(|token| token.text().is_some_and(|text| !text.is_empty())) {
            let name = token.key().unwrap_or("nextToken");
            let message = format!("this is one page of a list; `{}` says that there is more", quoted(name));
            cx.report(token, message).at(token.key_span());
        }
    }),
};
