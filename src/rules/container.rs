//! Container images: the configured repositories and tags, and the URIs of the outputs.

use crate::aws::ecr::{ImageUri, Registry, is_digest, is_repository_name, is_tag};
use crate::aws::partition;
use crate::model::typed::shapes::{
    Container, ContainerDistributionConfiguration, ContainerList, Distribution, EcrConfiguration, Image,
    TargetContainerRepository,
};
use crate::rule::prelude::*;
use crate::rules::view::destination::has_distribution_workflow;
use crate::rules::view::lookup::Lookup;
use crate::rules::view::repeat::Seen;
use crate::rules::view::source::IMAGE_DETAILS;

pub(super) static RULES: &[&Check] = &[
    &CONTAINER_REPOSITORY_NAME,
    &CONTAINER_TAG_SHAPE,
    &CONTAINER_URI_FORM,
    &CONTAINER_URI_REGION,
    &CONTAINER_URI_ACCOUNT,
    &CONTAINER_URI_REPOSITORY,
];

const CONTAINER: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Container.html";
const REPOSITORY: &str = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html";

static CONTAINER_REPOSITORY_NAME: Check = Check {
    rule: &Rule {
        name: "container-repository-name",
        level: Level::Warning,
        summary: "`repositoryName` is the bare name of an ECR repository",
        why: "Image Builder finds the registry by account and region and adds tags itself. A name with a host or a \
              tag, or one that ECR does not take, names no repository. The API reference says that the name is \
              prefixed by the location of the repository; that is the path in the registry, such as `team/`, and \
              responses hold neither a host nor a service in front of it.",
        help: "write the name alone, such as team/web-server: a-z, 0-9, and . _ - / between them",
        source: &[REPOSITORY, "service model: TargetContainerRepository.repositoryName"],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<(TargetContainerRepository, EcrConfiguration)>(|target, cx| {
        let Some(node) = target.get(member::RepositoryName) else {
            return;
        };
        let Some(text) = node.text().filter(|text| !text.is_empty()) else {
            return;
        };
        let name = ImageUri::parse_name(text);
        // The pattern of names alone would accept a host, since segments may contain dots.
        if name.host.is_empty() && is_repository_name(text) {
            return;
        }
        let bare = name.repository;
        if !name.host.is_empty() {
            let message = format!("repository name `{}` holds the host of the registry", quoted(text));
            let rest = text[name.host.len()..].trim_start_matches('/');
            let fix = is_repository_name(rest).then(|| {
                let host = node.part(0..text.len() - rest.len());
                Fix::safe(format!("write `{rest}`"), host, "")
            });
            cx.report(node, message).at(node.slice(name.host)).fix(fix);
        } else if bare.len() < text.len() {
            let message =
                format!("repository name `{}` holds a tag or a digest; the bare name was expected", quoted(text));
            cx.report(node, message).at(node.slice(&text[bare.len()..]));
        } else if bare.bytes().any(|byte| byte.is_ascii_uppercase()) {
            cx.report(node, format!("repository name `{}` has capitals; ECR takes small letters", quoted(text)));
        } else if !(2..=256).contains(&bare.len()) {
            let message = format!("repository name `{}` has length {}; 2 to 256 are allowed", quoted(text), bare.len());
            cx.report(node, message);
        } else {
            let message =
                format!("`{}` is not a repository name; a-z, 0-9, and . _ - / between were expected", quoted(text));
            cx.report(node, message);
        }
    }),
};

pub(super) static CONTAINER_TAG_SHAPE: Check = Check {
    rule: &Rule {
        name: "container-tag-shape",
        level: Level::Warning,
        summary: "container tags are image tags, each listed once",
        why: "The OCI distribution specification defines tags that way, and clients refuse others, although ECR's own \
              model allows up to 300 characters. Variables in double braces stand for text that fits and are not \
              checked.",
        help: "a tag has up to 128 letters, digits, _ . and -, and starts with none of the last two",
        source: &[
            "https://github.com/opencontainers/distribution-spec/blob/main/spec.md",
            "service model: ContainerDistributionConfiguration.containerTags",
        ],
        ..Rule::BASE
    },
    on: &Each::<(ContainerDistributionConfiguration, EcrConfiguration)>(|configuration, cx| {
        let Some(tags) = configuration.get(member::ContainerTags) else {
            return;
        };
        let mut seen = Seen::new();
        for tag in tags.items() {
            let Some(text) = tag.text().filter(|text| !text.is_empty()) else {
                continue;
            };
            let first = seen.earlier(text, tag);
            if !is_tag(text) && !is_tag(&resolved(text)) {
                let message =
                    format!("`{}` is not an image tag; up to 128 of A-Z a-z 0-9 _ . - were expected", quoted(text));
                cx.report(tag, message);
            } else if let Some(first) = first {
                let message = format!("tag `{}` is listed twice", quoted(text));
                cx.report(tag, message).says("again").label(first.span(), "the first");
            }
        }
    }),
};

/// A tag with a letter in place of every variable, `{{ … }}`.
fn resolved(tag: &str) -> String {
    let mut resolved = String::with_capacity(tag.len());
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once("{{").and_then(|(before, variable)| {
        let (_, after) = variable.split_once("}}")?;
        Some((before, after))
    }) {
        resolved.push_str(before);
        resolved.push('x');
        rest = after;
    }
    resolved + rest
}

/// The URIs of an output container.
fn uris(container: Node<'_, Container>) -> impl Iterator<Item = (Node<'_>, ImageUri<'_>)> {
    let nodes = container.items_of(member::ImageUris);
    nodes.filter_map(|node| Some((node, ImageUri::parse(node.text()?))))
}

/// The URIs of an output container that are in an ECR registry.
fn registered(container: Node<'_, Container>) -> impl Iterator<Item = (Node<'_>, ImageUri<'_>, Registry<'_>)> {
    uris(container).filter_map(|(node, uri)| Some((node, uri, uri.registry()?)))
}

static CONTAINER_URI_FORM: Check = Check {
    rule: &Rule {
        name: "container-uri-form",
        level: Level::Warning,
        summary: "an output container image has the full URI of an image in ECR",
        why: "Image Builder pushes to private ECR repositories and reports what can be pulled: registry, repository, \
              and a tag or digest.",
        help: "a URI reads <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag> or …@sha256:<digest>",
        source: &[
            "https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html",
            REPOSITORY,
            IMAGE_DETAILS,
            CONTAINER,
        ],
        ..Rule::BASE
    },
    on: &Each::<Container>(|container, cx| {
        for (node, uri) in uris(container).filter(|(_, uri)| !uri.text.is_empty()) {
            if let Some((part, message)) = faulty_part(&uri) {
                let span = if part.is_empty() { node.span() } else { node.slice(part) };
                cx.report(node, message).at(span);
            }
        }
    }),
};

/// The first invalid part of a URI, and the message about it.
fn faulty_part<'d>(uri: &ImageUri<'d>) -> Option<(&'d str, String)> {
    if uri.host.is_empty() {
        return Some(("", format!("`{}` names no registry; an ECR image URI was expected", quoted(uri.text))));
    }
    if uri.registry().is_none() {
        return Some((uri.host, format!("`{}` is not the host of an ECR registry", quoted(uri.host))));
    }
    if uri.repository.is_empty() || uri.tag == Some("") {
        let missing = if uri.repository.is_empty() { "repository" } else { "tag" };
        return Some(("", format!("the {missing} is empty in `{}`", quoted(uri.text))));
    }
    if !is_repository_name(uri.repository) {
        return Some((uri.repository, format!("`{}` is not the name of an ECR repository", quoted(uri.repository))));
    }
    if let Some(tag) = uri.tag.filter(|tag| !is_tag(tag)) {
        return Some((tag, format!("`{}` is not an image tag", quoted(tag))));
    }
    if let Some(digest) = uri.digest.filter(|digest| !is_digest(digest)) {
        let message = format!("`{}` is not a digest; sha256: and 64 hexadecimal digits were expected", quoted(digest));
        return Some((digest, message));
    }
    let bare = uri.tag.is_none() && uri.digest.is_none();
    bare.then(|| ("", format!("`{}` has neither a tag nor a digest", quoted(uri.text))))
}

static CONTAINER_URI_REGION: Check = Check {
    rule: &Rule {
        name: "container-uri-region",
        summary: "container images are in the region of their entry, under a domain of its partition",
        why: "Registries are regional, and an entry lists the images of its region. Registries in China are under \
              domains that end in .cn, while those of AWS GovCloud (US) share amazonaws.com with the commercial \
              regions.",
        help: "one of the two was edited",
        source: &[
            CONTAINER,
            "https://docs.aws.amazon.com/general/latest/gr/ecr.html",
            "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html",
        ],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<Container>(|container, cx| {
        for (node, _, registry) in registered(container) {
            if let Some(expected) = partition::of_region(registry.region).filter(|expected| !registry.serves(expected))
            {
                let message = format!(
                    "`{}` is in partition `{}`, which `{}` does not serve",
                    registry.region, expected.name, registry.domain
                );
                let finding = cx.report(node, message);
                finding.at(node.slice(registry.domain)).label(node.slice(registry.region), "the region");
            }
        }
        let region = container.get_with_text(member::Region);
        let Some((region, named)) = region.filter(|(_, named)| partition::of_region(named).is_some()) else {
            return;
        };
        let mut differing = registered(container).filter(|(_, _, registry)| registry.region != named);
        if let Some((node, _, registry)) = differing.next() {
            let agreed =
                uris(container).all(|(_, uri)| uri.registry().is_some_and(|other| other.region == registry.region));
            let fix = agreed.then(|| {
                let text = format!("\"{}\"", registry.region);
                Fix::risky(format!("write `{}` as the region", registry.region), region.span(), text)
            });
            let message = format!("the URI points at `{}`, the entry is for `{named}`", registry.region);
            let finding = cx.report(node, message);
            finding.at(node.slice(registry.region)).label(region.span(), "the entry's region").fix(fix);
            for (node, _, registry) in differing {
                finding.label(node.slice(registry.region), "and here");
            }
        }
    }),
};

static CONTAINER_URI_ACCOUNT: Check = Check {
    rule: &Rule {
        name: "container-uri-account",
        level: Level::Warning,
        summary: "container images are in a registry of the image's account",
        why: "Image Builder pushes to repositories of the account that builds the image. It distributes AMIs to other \
              accounts, not containers.",
        help: "image and outputs come from two captures, or one of them was edited",
        source: &[IMAGE_DETAILS, CONTAINER],
        ..Rule::BASE
    },
    on: &Each::<Container>(|container, cx| {
        let Some(account) = cx.account() else {
            return;
        };
        for (node, _, registry) in registered(container).filter(|(_, _, registry)| registry.account != account) {
            let own = cx.owner().map(|owner| owner.account_span());
            let message = format!("the registry belongs to `{}`, the image to `{account}`", registry.account);
            let finding = cx.report(node, message);
            finding.at(node.slice(registry.account));
            if let Some(own) = own {
                finding.label(own, "the image's account");
            }
        }
    }),
};

static CONTAINER_URI_REPOSITORY: Check = Check {
    rule: &Rule {
        name: "container-uri-repository",
        level: Level::Warning,
        summary: "container images are in the repository of the recipe or of the distribution to their region",
        why: "The container recipe names the repository for the build, distribution entries may name others for their \
              regions. Images that a distribution workflow of yours distributes are not judged; Amazon's keeps to the \
              configuration.",
        help: "the URI was edited, or recipe and distribution are of another capture",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/userguide/cli-create-container-pipeline.html",
            CONTAINER,
        ],
        ..Rule::BASE
    },
    on: &Each::<ContainerList>(|containers, cx| {
        let Some(image) = cx.ancestor::<Image>().filter(|image| !has_distribution_workflow(*image, cx)) else {
            return;
        };
        let Some(recipe) = image.get(member::ContainerRecipe).and_then(repository_of) else {
            return;
        };
        let distributions =
            image.get(member::DistributionConfiguration).and_then(|node| node.get(member::Distributions));
        let in_regions = Lookup::new(|| distributions.map(Node::items).unwrap_or_default().filter_map(configured_in));
        for container in containers.items() {
            let is_named = |repository, region| {
                let regions = [Some(region), container.get_text(member::Region)];
                bare_name(recipe) == Some(repository)
                    || regions.into_iter().any(|region| in_regions.has(&(region, repository)))
            };
            for (node, uri, registry) in registered(container) {
                if is_repository_name(uri.repository) && !is_named(uri.repository, registry.region) {
                    let message = format!(
                        "repository `{}` is configured nowhere; the recipe names `{}`",
                        quoted(uri.repository),
                        quoted(bare_name(recipe).unwrap_or_default())
                    );
                    let finding = cx.report(node, message);
                    finding.at(node.slice(uri.repository)).label(recipe.span(), "the recipe's repository");
                }
            }
        }
    }),
};

/// The region of a distribution entry, and the repository that it names for it.
fn configured_in(entry: Node<'_, Distribution>) -> Option<(Option<&str>, &str)> {
    let repository = repository_of(entry.get(member::ContainerDistributionConfiguration)?)?;
    Some((entry.get_text(member::Region), bare_name(repository)?))
}

/// The name of the repository that a container recipe or a container distribution targets.
fn repository_of<S>(node: Node<'_, S>) -> Option<Node<'_>>
where
    S: Has<member::TargetRepository, Value = TargetContainerRepository>,
{
    node.get(member::TargetRepository)?.get(member::RepositoryName)
}

fn bare_name(name: Node<'_>) -> Option<&str> {
    name.text().map(|text| ImageUri::parse_name(text).repository)
}
