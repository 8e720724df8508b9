//! KMS keys: the form of their names, their regions, whether anything is encrypted with them, and whether they can be
//! shared.

use crate::aws::arn::{Arn, is_account_id};
use crate::aws::kms::{KeyName, faulty_segment};
use crate::aws::partition;
use crate::model::typed::shapes::{
    AmiDistributionConfiguration, ContainerRecipe, Distribution, EbsInstanceBlockDeviceSpecification, Image,
};
use crate::rule::prelude::*;
use crate::rules::ebs;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::launch_permission::public_group;
use crate::rules::view::source::IMAGE_DETAILS;
use crate::text::span::Span;

pub(super) static RULES: &[&Check] = &[&EBS_KMS_ENCRYPTED, &KMS_KEY_FORM, &KMS_KEY_REGION, &DISTRIBUTION_KEY_SHARED];

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
        fixes: Rule::UNSAFELY,
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
        why: "Image Builder documents ARNs of keys and aliases here. It used to document keys only, so a bare id or \
              alias is just noted.",
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
        let Some((key, _)) = key(holder) else {
            return;
        };
        let Some(ArnNode { arn, .. }) = cx.arn(key).filter(|key| key.arn.service == "kms") else {
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

/// The end of the name of the key that Amazon manages for the volumes of an account.
const AMAZON_KEY: &str = "alias/aws/ebs";

static DISTRIBUTION_KEY_SHARED: Check = Check {
    rule: &Rule {
        name: "distribution-key-shared",
        level: Level::Info,
        summary: "an encrypted image that other accounts get is encrypted with a customer's key",
        why: "Another account can use an encrypted AMI only with its key, and the keys that AWS manages cannot be \
              shared. Where neither the recipe nor the distribution names a key, the account's default for EBS is \
              taken: that is AWS's own key unless the account has set another. A key of AWS's that is named is a \
              warning.",
        help: "set `kmsKeyId` in the distribution entry to a customer managed key that is shared with those accounts",
        source: &[
            "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html",
            "https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html",
            "service model: AmiDistributionConfiguration.kmsKeyId",
        ],
        outranks: &[KMS_KEY_FORM.rule],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let recipe = image.get(member::ImageRecipe).and_then(|recipe| recipe.get(member::BlockDeviceMappings));
        let entries = image.get(member::DistributionConfiguration).and_then(|node| node.get(member::Distributions));
        let (Some(devices), Some(entries)) = (recipe, entries) else {
            return;
        };
        let own = image.get(member::Arn).and_then(|arn| Some(image_builder_arn(arn, cx)?.0.account));
        let volumes = || devices.items().filter_map(|device| device.get(member::Ebs));
        let mut encrypted = volumes().filter(|ebs| ebs.get(member::Encrypted).and_then(Node::boolean) == Some(true));
        let Some(first) = encrypted.next() else {
            return;
        };
        let weak = std::iter::once(first).chain(encrypted).find_map(|ebs| match key(ebs) {
            // A masked key is a key.
            None => ebs.find(member::KmsKeyId).is_none().then_some((ebs, None)),
            Some((node, text)) => text.ends_with(AMAZON_KEY).then_some((ebs, Some(node))),
        });
        let mut is_reported = false;
        for entry in entries.items() {
            let Some(settings) = entry.get(member::AmiDistributionConfiguration) else {
                continue;
            };
            let Some((sharing, with)) = shared_with(settings, own) else {
                continue;
            };
            match (key(settings), weak) {
                (Some((node, text)), _) if text.ends_with(AMAZON_KEY) => report_amazon_key(node, (sharing, with), cx),
                (Some(_), _) | (None, None) => {}
                (None, Some(_)) if settings.find(member::KmsKeyId).is_some() => {}
                // One finding of the volume, however many entries share it.
                (None, Some(_)) if is_reported => {}
                (None, Some((_, Some(node)))) => {
                    is_reported = true;
                    report_amazon_key(node, (sharing, with), cx);
                }
                (None, Some((ebs, None))) => {
                    is_reported = true;
                    let Some(encrypted) = ebs.get(member::Encrypted) else { continue };
                    let message = format!(
                        "`encrypted` is true without a `kmsKeyId` in recipe and distribution, but {with} gets the AMI: \
                         that fails unless the account's default key is a customer's"
                    );
                    cx.report(encrypted, message).label(sharing.span(), "gets the AMI");
                }
            }
        }
    }),
};

fn report_amazon_key<'d>(node: Node<'d>, (sharing, with): (Node<'d>, String), cx: &mut Reporter<'_, 'd>) {
    let message =
        format!("`kmsKeyId` is AWS's own key, `{AMAZON_KEY}`, which cannot be shared, but {with} gets the AMI");
    cx.report(node, message).level(Level::Warning).label(sharing.span(), "gets the AMI");
}

/// The first account, organization or group besides the image's own account that gets or may launch an AMI, with words
/// for it.
fn shared_with<'d>(settings: Node<'d, AmiDistributionConfiguration>, own: Option<&str>) -> Option<(Node<'d>, String)> {
    let permission = settings.get(member::LaunchPermission);
    let targets = settings.items_of(member::TargetAccountIds);
    let users = permission.map(|permission| permission.items_of(member::UserIds)).unwrap_or_default();
    let mut accounts = targets.chain(users).filter_map(|node| Some((node, node.text()?)));
    let is_other = |(_, account): &(Node<'_>, &str)| is_account_id(account) && own.is_some_and(|own| own != *account);
    if let Some((node, account)) = accounts.find(is_other) {
        return Some((node, format!("account `{account}`")));
    }
    let organizations = permission.and_then(|permission| permission.get(member::OrganizationArns));
    let units = permission.and_then(|permission| permission.get(member::OrganizationalUnitArns));
    let organization = organizations.and_then(|list| list.items().next()).map(|node| (node.any(), "an organization"));
    let unit = || Some((units?.items().next()?.any(), "an organizational unit"));
    let group = || Some((public_group(permission?)?, "everyone"));
    let (node, words) = organization.or_else(unit).or_else(group)?;
    Some((node, words.to_owned()))
}
