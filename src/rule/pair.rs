//! Rules across documents: which nodes of a payload can be compared with nodes of other documents, and the
//! comparison of two nodes that describe the same thing. Knows no file.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::aws::arn::{Arn, Resource};
use crate::aws::slug::slug;
use crate::aws::version::Version;
use crate::finding::fault::{Fault, Mark};
use crate::finding::{Level, Rule};
use crate::model::shape::Shape;
use crate::model::typed::{Any, Has, member, shapes};
use crate::rule::node::Node;
use crate::text::span::Span;

/// The role of a node in a comparison. Nodes are compared if they describe the same thing, named by their key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Side {
    /// An image; the key is its build version ARN.
    Image,
    /// The entry of an image in a list; the key is the same ARN.
    Entry,
    /// The list of an image's workflow executions; the key is the same ARN.
    Executions,
    /// A workflow execution; the key is its id.
    Execution,
    /// All steps of an execution; the key is the execution's id.
    Steps,
    /// One page of the steps of an execution, with more to follow; the key is the execution's id.
    StepsPage,
    /// The request that creates a resource; the key is the resource's type, name and version.
    Request,
    /// A resource that a request creates; the key is that of [`Side::Request`].
    Created,
    /// The request for one version of a recipe; the key is its type and name.
    RequestedVersion,
    /// One version of a recipe; the key is that of [`Side::RequestedVersion`].
    CreatedVersion,
}

impl Side {
    /// Its name in lists of keys.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Side::Image => "image",
            Side::Entry => "entry",
            Side::Executions => "executions",
            Side::Execution => "execution",
            Side::Steps => "steps",
            Side::StepsPage => "steps-page",
            Side::Request => "request",
            Side::Created => "created",
            Side::RequestedVersion => "requested-version",
            Side::CreatedVersion => "created-version",
        }
    }
}

/// A side as a type, for [`Between`].
pub(crate) trait Sided {
    /// The side.
    const SIDE: Side;
    /// The shape of its nodes.
    type View;
}

macro_rules! sides {
    ($($name:ident: $view:ty;)*) => {$(
        #[doc = concat!("See [`Side::", stringify!($name), "`].")]
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl Sided for $name {
            const SIDE: Side = Side::$name;
            type View = $view;
        }
    )*};
}

sides! {
    Image: shapes::Image;
    Entry: shapes::ImageSummary;
    Executions: shapes::ListWorkflowExecutionsResponse;
    Execution: (shapes::GetWorkflowExecutionResponse, shapes::WorkflowExecutionMetadata);
    Steps: shapes::ListWorkflowStepExecutionsResponse;
    Request: Any;
    Created: Any;
    RequestedVersion: Any;
    CreatedVersion: Any;
}

/// What a node describes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key<'d> {
    /// The image build or the execution with this ARN or id.
    Id(&'d str),
    /// The resource of this type and name, and of this version if it is about one: what comes before its last dot, and
    /// what comes after it. A request does not say in which account and region.
    Resource(&'d str, Cow<'d, str>, Option<(&'d str, &'d str)>),
}

impl Key<'_> {
    /// The key as lists of keys have it; of a resource the end of its ARN.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Key::Id(id) => Cow::Borrowed(id),
            Key::Resource(kind, name, None) => Cow::Owned(format!("{kind}/{name}")),
            Key::Resource(kind, name, Some((start, patch))) => Cow::Owned(format!("{kind}/{name}/{start}.{patch}")),
        }
    }
}

/// A node that can be compared with nodes of other documents.
#[derive(Debug, Clone)]
pub(crate) struct Site<'d> {
    /// Its role in comparisons.
    pub(crate) side: Side,
    /// The thing that it describes.
    pub(crate) key: Key<'d>,
    /// The node.
    pub(crate) node: Node<'d>,
}

impl<'d> Site<'d> {
    /// A hash of the key, the same in every run.
    pub(crate) fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.key.hash(&mut hasher);
        hasher.finish()
    }

    fn of_image<S: Has<M>, M>(side: Side, node: Node<'d, S>, arn: M) -> Option<Self> {
        let key = node.get_text(arn)?;
        names_a_build(key).then_some(Site { side, key: Key::Id(key), node: node.any() })
    }

    fn of_execution<S: Has<member::WorkflowExecutionId>>(side: Side, node: Node<'d, S>) -> Option<Self> {
        let key = node.get_text(member::WorkflowExecutionId).filter(|id| id.starts_with("wf-"))?;
        Some(Site { side, key: Key::Id(key), node: node.any() })
    }
}

/// The type of the resource that a request creates, as ARNs name it.
fn created_by(request: Shape) -> Option<&'static str> {
    Some(match request {
        Shape::CreateImageRecipeRequest => "image-recipe",
        Shape::CreateContainerRecipeRequest => "container-recipe",
        Shape::CreateComponentRequest => "component",
        Shape::CreateInfrastructureConfigurationRequest => "infrastructure-configuration",
        Shape::CreateDistributionConfigurationRequest => "distribution-configuration",
        Shape::CreateImagePipelineRequest => "image-pipeline",
        _ => return None,
    })
}

/// Whether the versions of a type of resources may be left to the service: `1.0.x` becomes the next one.
fn counts_versions(kind: &str) -> bool {
    matches!(kind, "image-recipe" | "container-recipe")
}

/// Calls a function for the sites of a request.
fn sites_of_request<'d>(request: Node<'d>, kind: &'static str, each: &mut dyn FnMut(Site<'d>)) {
    let text = |node: Option<Node<'d>>| node.filter(|node| !node.has_mask()).and_then(Node::text);
    let Some(name) = text(request.get_if_any(member::Name)).and_then(slug) else {
        return;
    };
    let version = text(request.get_if_any(member::SemanticVersion)).map(Version::parse);
    if version.is_some_and(|version| !version.is_well_formed()) {
        return;
    }
    let version = version.and_then(|version| version.numbers.rsplit_once('.'));
    let key = |version| Key::Resource(kind, Cow::Owned(name.clone()), version);
    if version.is_some() == matches!(kind, "image-recipe" | "container-recipe" | "component") {
        each(Site { side: Side::Request, key: key(version), node: request });
    }
    if version.is_some() && counts_versions(kind) {
        each(Site { side: Side::RequestedVersion, key: key(None), node: request });
    }
}

/// Calls a function for the sites of a resource that a request may have created.
fn sites_of_created<'d>(created: Option<Node<'d>>, each: &mut dyn FnMut(Site<'d>)) {
    let arn = created.and_then(|created| created.get_if_any(member::Arn)).and_then(Node::text).and_then(Arn::parse);
    let (Some(node), Some(arn)) = (created, arn.filter(Arn::is_image_builder)) else {
        return;
    };
    let Resource { kind, name, version } = arn.image_builder_resource();
    let key = |version| Key::Resource(kind, Cow::Borrowed(name), version);
    let Some(version) = version else {
        return each(Site { side: Side::Created, key: key(None), node });
    };
    let Some((start, patch)) = version.numbers.rsplit_once('.').filter(|_| version.is_fixed()) else {
        return;
    };
    each(Site { side: Side::Created, key: key(Some((start, patch))), node });
    if counts_versions(kind) {
        each(Site { side: Side::Created, key: key(Some((start, "x"))), node });
        each(Site { side: Side::CreatedVersion, key: key(None), node });
    }
}

/// Calls a function for the sites of the resources that an image was made of.
fn sites_of_origin<'d>(image: Node<'d, shapes::Image>, each: &mut dyn FnMut(Site<'d>)) {
    sites_of_created(image.get(member::ImageRecipe).map(Node::any), each);
    sites_of_created(image.get(member::ContainerRecipe).map(Node::any), each);
    sites_of_created(image.get(member::InfrastructureConfiguration).map(Node::any), each);
    sites_of_created(image.get(member::DistributionConfiguration).map(Node::any), each);
}

/// The resource in the answer to a request for it; the node itself if it is one.
fn described(root: Node<'_>) -> Option<Node<'_>> {
    match root.shape() {
        Shape::GetImageRecipeResponse => root.get_if_any(member::ImageRecipe),
        Shape::GetContainerRecipeResponse => root.get_if_any(member::ContainerRecipe),
        Shape::GetComponentResponse => root.get_if_any(member::Component),
        Shape::GetInfrastructureConfigurationResponse => root.get_if_any(member::InfrastructureConfiguration),
        Shape::GetDistributionConfigurationResponse => root.get_if_any(member::DistributionConfiguration),
        Shape::GetImagePipelineResponse => root.get_if_any(member::ImagePipeline),
        Shape::ImageRecipe
        | Shape::ContainerRecipe
        | Shape::Component
        | Shape::InfrastructureConfiguration
        | Shape::DistributionConfiguration
        | Shape::ImagePipeline => Some(root),
        _ => None,
    }
}

/// Whether an ARN names one build of an image, not a version without builds or a wildcard.
fn names_a_build(arn: &str) -> bool {
    let resource = Arn::parse(arn).filter(Arn::is_image_builder).map(|arn| arn.image_builder_resource());
    resource
        .filter(|resource| resource.kind == "image")
        .and_then(|resource| resource.version)
        .is_some_and(|version| version.build.is_some() && version.is_well_formed() && !version.has_wildcard())
}

/// Calls a function for every site of a payload, in a fixed order.
pub(crate) fn sites<'d>(root: Node<'d>, each: &mut dyn FnMut(Site<'d>)) {
    // Other serialisations of these shapes, such as notifications, are not compared.
    if root.exact_shape() != root.shape() {
        return;
    }
    if let Some(kind) = created_by(root.shape()) {
        sites_of_request(root, kind, each);
    } else if let Some(created) = described(root) {
        sites_of_created(Some(created), each);
    } else if let Some(image) =
        root.cast::<shapes::Image>().or_else(|| root.cast::<shapes::GetImageResponse>()?.get(member::Image))
    {
        Site::of_image(Side::Image, image, member::Arn).into_iter().for_each(&mut *each);
        sites_of_origin(image, each);
    } else if let Some(response) = root.cast::<shapes::ListImageBuildVersionsResponse>() {
        let entries = response.items_of(member::ImageSummaryList);
        entries.filter_map(|entry| Site::of_image(Side::Entry, entry, member::Arn)).for_each(each);
    } else if let Some(response) = root.cast::<shapes::ListWorkflowExecutionsResponse>() {
        let list = Site::of_image(Side::Executions, response, member::ImageBuildVersionArn);
        let items = response.items_of(member::WorkflowExecutions);
        let items = items.filter_map(|item| Site::of_execution(Side::Execution, item));
        list.into_iter().chain(items).for_each(each);
    } else if let Some(execution) = root.cast::<shapes::GetWorkflowExecutionResponse>() {
        Site::of_execution(Side::Execution, execution).into_iter().for_each(each);
    } else if let Some(execution) = root.cast::<shapes::WorkflowExecutionMetadata>() {
        Site::of_execution(Side::Execution, execution).into_iter().for_each(each);
    } else if let Some(response) = root.cast::<shapes::ListWorkflowStepExecutionsResponse>() {
        let side = if response.get(member::NextToken).is_some() { Side::StepsPage } else { Side::Steps };
        Site::of_execution(side, response).into_iter().for_each(each);
    }
}

/// A rule that compares two documents.
#[derive(Debug)]
pub(crate) struct Pair {
    /// Its name, its level and its texts.
    pub(crate) rule: &'static Rule,
    /// The two sides, and the function that compares them.
    pub(crate) between: &'static dyn Comparison,
}

/// A comparison of a node of one shape with a node of another.
type Compare<H, T> = for<'h, 't> fn(Node<'h, H>, Node<'t, T>, &mut Contrast);

/// Compares the nodes of two sides: `Between::<Entry, Image>(|entry, image, contrast| …)`. Findings are reported
/// on the first. If both sides are the same, each node is compared with the first node of the run.
pub(crate) struct Between<H: Sided, T: Sided>(pub(crate) Compare<<H as Sided>::View, <T as Sided>::View>);

/// [`Between`] without its type parameters.
pub(crate) trait Comparison: Sync + fmt::Debug {
    /// The side that findings are reported on.
    fn here(&self) -> Side;

    /// The other side.
    fn there(&self) -> Side;

    /// Compares two nodes and reports contradictions.
    fn compare(&self, here: Node<'_>, there: Node<'_>, contrast: &mut Contrast);
}

impl<H: Sided, T: Sided> Comparison for Between<H, T> {
    fn here(&self) -> Side {
        H::SIDE
    }

    fn there(&self) -> Side {
        T::SIDE
    }

    fn compare(&self, here: Node<'_>, there: Node<'_>, contrast: &mut Contrast) {
        (self.0)(here.assume(), there.assume(), contrast);
    }
}

impl<H: Sided, T: Sided> fmt::Debug for Between<H, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Between").field(&H::SIDE).field(&T::SIDE).finish()
    }
}

/// A contradiction between two nodes.
#[derive(Debug)]
pub(crate) struct Contradiction {
    /// The fault of the first node's document.
    pub(crate) fault: Fault,
    /// Marks on the second node's document, where it contradicts.
    pub(crate) there: Vec<Mark>,
}

/// Collects what a comparison reports: at most one contradiction for two nodes.
#[derive(Debug)]
pub(crate) struct Contrast {
    rule: &'static Rule,
    fault: Option<Fault>,
    there: Vec<Mark>,
}

impl Contrast {
    /// Reports a contradiction at a span of the first node's document. If there is one already, only a label is
    /// added to it.
    pub(crate) fn report(&mut self, here: Span, says: &'static str, message: impl FnOnce() -> String) {
        match &mut self.fault {
            None => {
                self.fault.insert(Fault::new(self.rule, here, message())).says(says);
            }
            Some(fault) => {
                fault.label(here, says);
            }
        }
    }

    /// Sets the level of what was reported.
    pub(crate) fn level(&mut self, level: Level) {
        if let Some(fault) = &mut self.fault {
            fault.level(level);
        }
    }

    /// Whether another comparison of the same two nodes reports nothing.
    pub(crate) fn agrees(&self, compare: impl FnOnce(&mut Contrast)) -> bool {
        let mut other = Contrast { rule: self.rule, fault: None, there: Vec::new() };
        compare(&mut other);
        other.fault.is_none()
    }

    /// Marks a span of the second node's document.
    pub(crate) fn against(&mut self, there: Span, text: &'static str) {
        self.there.push(Mark::new(there, text));
    }
}

impl Pair {
    /// The side that nodes of a side are compared with, if they have to do with this rule.
    pub(crate) fn opposite(&self, side: Side) -> Option<Side> {
        // A page tells that there are others, and that the last one is not the whole list.
        let side = if side == Side::StepsPage { Side::Steps } else { side };
        let (here, there) = (self.between.here(), self.between.there());
        if side == here { Some(there) } else { (side == there).then_some(here) }
    }

    /// Compares two nodes, which must be of the first and the second side.
    pub(crate) fn compare(&self, here: Node<'_>, there: Node<'_>) -> Option<Contradiction> {
        let mut contrast = Contrast { rule: self.rule, fault: None, there: Vec::new() };
        self.between.compare(here, there, &mut contrast);
        let (mut fault, mut there) = (contrast.fault?, contrast.there);
        // Of marks on one span the first stays.
        let mut marked = HashSet::from([fault.primary.span]);
        fault.others.retain(|mark| marked.insert(mark.span));
        marked.clear();
        there.retain(|mark| marked.insert(mark.span));
        Some(Contradiction { fault, there })
    }
}
