//! Whether the values around a resource's own ARN agree on another account or region than the ARN has, so that the
//! ARN is at fault and not each of them.

use crate::aws::arn::{Resource, is_account_id};
use crate::aws::ecr::{ImageUri, Registry};
use crate::model::typed::shapes::{Ami, Container, Image, OutputResources};
use crate::rule::prelude::*;
use crate::text::span::Span;

/// How many values must agree before the own ARN is blamed.
const ENOUGH: usize = 2;

/// A value that should be that of the own ARN.
struct Witness<'d> {
    span: Span,
    value: &'d str,
    /// Whether it can have no other value. Outputs may be in other regions and accounts, and recipes be shared.
    is_certain: bool,
}

/// A segment of an own ARN, and the value that the resources around it have instead.
pub(crate) struct Contradiction<'d> {
    own: ArnNode<'d>,
    segment: &'static str,
    found: &'d str,
    agreed: &'d str,
    /// Where the agreed value stands.
    spans: Vec<Span>,
}

impl<'d> Contradiction<'d> {
    /// The region of an own ARN, where the resources around it are in another one.
    pub(crate) fn of_region(node: Node<'d>, cx: &Context<'d>) -> Option<Self> {
        let (own, holder) = own_and_holder(node, cx)?;
        let witness = |part: ArnNode<'d>| {
            let region = part.arn.region;
            Witness { span: part.node.slice(region), value: region, is_certain: true }
        };
        let mut witnesses = disagreeing(own.arn.region, neighbours(own, holder, cx).map(witness))?;
        let regions = amis(holder).map(|ami| ami.get(member::Region));
        let regions = regions.chain(containers(holder).map(|container| container.get(member::Region)));
        witnesses.extend(regions.flatten().filter_map(uncertain));
        Contradiction::new(own, "region", own.arn.region, &witnesses)
    }

    /// The account of an own ARN, where the resources around it belong to another one.
    pub(crate) fn of_account(node: Node<'d>, cx: &Context<'d>) -> Option<Self> {
        let (own, holder) = own_and_holder(node, cx).filter(|(own, _)| own.arn.is_customers())?;
        let witness =
            |part: ArnNode<'d>, is_certain| Witness { span: part.account_span(), value: part.arn.account, is_certain };
        let parts = parts(node, holder, cx).map(|(part, kind)| witness(part, !kind.ends_with("-recipe")));
        let role = cx.arns_in(holder).find(|role| role.arn.service == "iam" && role.node.member() == "executionRole");
        let mut witnesses = disagreeing(own.arn.account, parts.chain(role.map(|role| witness(role, true))))?;
        let accounts = amis(holder).filter_map(|ami| ami.get(member::AccountId));
        witnesses.extend(accounts.filter_map(uncertain));
        let registries = containers(holder).flat_map(registries);
        witnesses.extend(registries.map(|(uri, registry)| Witness {
            span: uri.slice(registry.account),
            value: registry.account,
            is_certain: false,
        }));
        witnesses.retain(|witness| is_account_id(witness.value));
        Contradiction::new(own, "account", own.arn.account, &witnesses)
    }

    fn new(own: ArnNode<'d>, segment: &'static str, found: &'d str, witnesses: &[Witness<'d>]) -> Option<Self> {
        let agreed = witnesses.iter().find(|witness| witness.is_certain)?.value;
        let certain_agree = witnesses.iter().all(|witness| witness.value == agreed || !witness.is_certain);
        // Outputs may be elsewhere, too; they speak for the own ARN only where none of them is where the others are.
        let mut outputs = witnesses.iter().filter(|witness| !witness.is_certain).map(|witness| witness.value);
        let speak_for_own = outputs.clone().any(|value| value == found) && outputs.all(|value| value != agreed);
        let spans: Vec<Span> =
            witnesses.iter().filter(|witness| witness.value == agreed).map(|witness| witness.span).collect();
        let is_contradicted = certain_agree && agreed != found && !speak_for_own && spans.len() >= ENOUGH;
        is_contradicted.then_some(Contradiction { own, segment, found, agreed, spans })
    }

    /// What the own ARN has, and what the resources around it have.
    pub(crate) fn values(&self) -> (&'d str, &'d str) {
        (self.found, self.agreed)
    }

    /// Reports the own ARN.
    pub(crate) fn report(self, cx: &mut Reporter<'_, 'd>) {
        let Contradiction { own, segment, found, agreed, spans } = self;
        let described = own.resource.map(Resource::described).unwrap_or_default();
        let message = format!(
            "`{}` has {segment} `{found}`, but what the {described} refers to agrees on `{agreed}`",
            own.node.member()
        );
        let place = own.node.slice(found);
        let finding = cx.report(own.node, message).at_part(place).says("contradicted by the others").explains();
        finding.help("the ARN was edited, or the other parts come from another capture");
        finding.fix(Fix::risky(format!("write `{agreed}`"), place, agreed));
        for span in spans {
            finding.label(span, "agrees with the others");
        }
    }
}

/// The own ARN of a resource and the structure that describes the resource; None for other ARNs.
fn own_and_holder<'d>(node: Node<'d>, cx: &Context<'d>) -> Option<(ArnNode<'d>, Node<'d>)> {
    let own = cx.owner().filter(|owner| owner.node == node && owner.resource.is_some())?;
    Some((own, cx.parent()?))
}

/// The recipe, the configurations and the pipeline that a resource names, each with its type.
fn parts<'d>(own: Node<'d>, holder: Node<'d>, cx: &Context<'d>) -> impl Iterator<Item = (ArnNode<'d>, &'d str)> {
    const KINDS: [&str; 5] = [
        "image-recipe",
        "container-recipe",
        "infrastructure-configuration",
        "distribution-configuration",
        "image-pipeline",
    ];
    let others = cx.arns_in(holder).filter(move |part| part.node != own);
    others.filter_map(|part| Some((part, part.resource?.kind)).filter(|(_, kind)| KINDS.contains(kind)))
}

/// The ARNs around an own ARN that are in its region: those of its parts; of a recipe, its components and keys.
fn neighbours<'d>(own: ArnNode<'d>, holder: Node<'d>, cx: &Context<'d>) -> impl Iterator<Item = ArnNode<'d>> {
    let is_recipe = own.resource.is_some_and(|resource| resource.kind.ends_with("-recipe"));
    let belongs = move |arn: &ArnNode<'d>| {
        is_recipe && (arn.arn.service == "kms" || arn.resource.is_some_and(|resource| resource.kind == "component"))
    };
    parts(own.node, holder, cx).map(|(part, _)| part).chain(cx.arns_in(holder).filter(belongs))
}

/// All witnesses, if the first of them disagrees with the own ARN; otherwise nothing is collected.
fn disagreeing<'d>(found: &str, witnesses: impl Iterator<Item = Witness<'d>>) -> Option<Vec<Witness<'d>>> {
    let mut witnesses = witnesses.peekable();
    let disagrees = witnesses.peek().is_some_and(|first| first.value != found);
    disagrees.then(|| witnesses.collect())
}

fn uncertain(node: Node<'_>) -> Option<Witness<'_>> {
    Some(Witness { span: node.span(), value: node.text()?, is_certain: false })
}

fn outputs(holder: Node<'_>) -> Option<Node<'_, OutputResources>> {
    holder.cast::<Image>()?.get(member::OutputResources)
}

fn amis(holder: Node<'_>) -> impl Iterator<Item = Node<'_, Ami>> {
    outputs(holder).map(|outputs| outputs.items_of(member::Amis)).unwrap_or_default()
}

fn containers(holder: Node<'_>) -> impl Iterator<Item = Node<'_, Container>> {
    outputs(holder).map(|outputs| outputs.items_of(member::Containers)).unwrap_or_default()
}

fn registries(container: Node<'_, Container>) -> impl Iterator<Item = (Node<'_>, Registry<'_>)> {
    let uris = container.items_of(member::ImageUris);
    uris.filter_map(|uri| {
        let registry = ImageUri::parse(uri.text()?).registry()?;
        Some((uri.any(), registry))
    })
}
