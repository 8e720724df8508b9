//! KMS keys: the form of their names, their regions, and whether anything is encrypted with them.

use crate::aws::arn::Arn;
use crate::aws::kms::{KeyName, faulty_segment};
use crate::aws::partition;
use crate::model::typed::shapes::{
    AmiDistributionConfiguration, ContainerRecipe, Distribution, EbsInstanceBlockDeviceSpecification,
};
use crate::rule::prelude::*;
use crate::rules::ebs;
use crate::rules::view::source::IMAGE_DETAILS;
use crate::text::span::Span;

pub(super) static RULES: &[&Check] = &[&EBS_KMS_ENCRYPTED, &KMS_KEY_FORM, &KMS_KEY_REGION];

const EBS: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_EbsInstanceBlockDeviceSpecification.html";
const DISTRIBUTION: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_AmiDistributionConfiguration.html";

/// The structures whose key encrypts an image.
type Holder = (EbsInstanceBlockDeviceSpecification, ContainerRecipe, AmiDistributionConfiguration);

fn key<S: Has<member::KmsKeyId>>(holder: Node<'_, S>) -> Option<(Node<'_>, &str)> {
    holder.get_with_text(member::KmsKeyId).filter(|(_, text)| !text.is_empty())
}

static EBS_KMS_ENCRYPTED: Check = Check {
    rule: &Rule {
        name: "ebs-kms-encrypted",
        summary: "a volume with a KMS key is encrypted",
        why: "A key without encryption is a contradiction: the volume ends up in the clear, or the request is refused. \
              Where `encrypted` is absent the key is at least a surprise, so that is a warning.",
        help: "set `encrypted` to true, or drop the key",
        source: &["https://docs.aws.amazon.com/imagebuilder/latest/userguide/cross-account-dist.html", EBS],
        outranks: &[ebs::EBS_SNAPSHOT_ENCRYPTED.rule],
        ..Rule::BASE
    },
    on: &Each::<EbsInstanceBlockDeviceSpecification>(|ebs, cx| {
        let Some((key, _)) = key(ebs) else {
            return;
        };
        match ebs.get(member::Encrypted) {
            Some(encrypted) if encrypted.boolean() == Some(false) => {
                let fix = Fix::risky("set `encrypted` to true", encrypted.span(), "true");
                let finding = cx.report(encrypted, "a KMS key is set, but `encrypted` is false");
                finding.says("encryption is off").label(key.span(), "the key").fix(fix);
            }
            Some(_) => {}
            None => {
                let addition = ebs.addition(&[("encrypted", "true".to_owned())]);
                let fix = addition.map(|edit| Fix::of("set `encrypted` to true", edit).made_unsafe());
                let finding = cx.report(ebs, "a KMS key is set, but `encrypted` is not");
                finding.level(Level::Warning).at(key.key_span()).fix(fix);
            }
        }
    }),
};

static KMS_KEY_FORM: Check = Check {
    rule: &Rule {
        name: "kms-key-form",
        level: Level::Warning,
        summary: "a KMS key is named by its ARN or by that of an alias",
        why: "Image Builder documents ARNs of keys and aliases here. It used to document keys only, so a bare id or alias \
              is just noted.",
        help: "write arn:<partition>:kms:<region>:<account>:key/<id>, or alias/<name> in place of key/<id>",
        source: &[EBS, DISTRIBUTION, "https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html"],
        ..Rule::BASE
    },
    on: &Each::<Holder>(|holder, cx| {
        let Some((key, text)) = key(holder) else {
            return;
        };
        match KeyName::of(text) {
            KeyName::Arn => {}
            KeyName::Id => {
                let message = format!("`{text}` is a bare key id; the ARN of the key or of an alias was expected");
                cx.report(key, message).level(Level::Info);
            }
            KeyName::Alias => {
                let message = format!("`{text}` is a bare alias; the ARN of the key or of an alias was expected");
                cx.report(key, message).level(Level::Info);
            }
            KeyName::Other => match Arn::parse(text).as_ref().and_then(faulty_segment) {
                Some((segment, faulty)) => {
                    let found = if faulty.is_empty() {
                        format!("the {segment} segment is empty")
                    } else {
                        format!("{segment} segment `{}`", quoted(faulty))
                    };
                    let message = format!("{found}; the ARN of a KMS key or alias was expected");
                    cx.report(key, message).at(if faulty.is_empty() { key.span() } else { key.slice(faulty) });
                }
                None => {
                    cx.report(key, format!("`{}` is not the ARN of a KMS key or alias", quoted(text)));
                }
            },
        }
    }),
};

static KMS_KEY_REGION: Check = Check {
    rule: &Rule {
        name: "kms-key-region",
        level: Level::Warning,
        summary: "a KMS key is in the region where it encrypts",
        why: "Keys and aliases are regional, and an image is encrypted in the region it is built in or copied to. A \
              multi-Region key has another ARN in every region.",
        help: "name a key of that region; of a multi-Region key, the replica there",
        source: &[IMAGE_DETAILS, DISTRIBUTION],
        ..Rule::BASE
    },
    on: &Each::<Holder>(|holder, cx| {
        let Some((key, text)) = key(holder) else {
            return;
        };
        let Some(arn) = Arn::parse(text).filter(|arn| arn.service == "kms") else {
            return;
        };
        let Some((place, region)) = region_of_use(holder, cx) else {
            return;
        };
        // Unknown regions and those of different partitions are reported by the rules in `partition.rs`.
        let partition = partition::of_region(region);
        if arn.region != region && partition.is_some() && partition == partition::of_region(arn.region) {
            let what = match holder.shape() {
                Shape::ContainerRecipe => "the container image",
                Shape::AmiDistributionConfiguration => "the AMI",
                _ => "the volume",
            };
            let message = format!("the key is in `{}`, but {what} is encrypted in `{region}`", arn.region);
            cx.report(key, message).at(key.slice(arn.region)).label(place, format!("{what} is encrypted here"));
        }
    }),
};

/// The region in which a key is used, with its span: that of the distribution entry, of the container recipe,
/// or of the image or recipe around a volume.
fn region_of_use<'d>(holder: Node<'d, Holder>, cx: &Context<'d>) -> Option<(Span, &'d str)> {
    if holder.is::<AmiDistributionConfiguration>() {
        let (region, text) = cx.parent()?.cast::<Distribution>()?.get_with_text(member::Region)?;
        return Some((region.span(), text));
    }
    let recipe = holder.any().cast::<ContainerRecipe>();
    let owner = recipe.and_then(|recipe| cx.arn(recipe.get(member::Arn)?)).or_else(|| cx.owner())?;
    Some((owner.node.slice(owner.arn.region), owner.arn.region))
}
