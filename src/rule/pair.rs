//! What payloads say that others may contradict, and what a rule across documents is: a check on two
//! nodes that speak of the same thing. Knows no file.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::aws::arn::Arn;
use crate::finding::{Finding, Label, Span};
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::node::Node;

/// As what a node speaks of the thing that its key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// An image, by its build version ARN.
    Image,
    /// The entry of an image in a list, by the same ARN.
    Entry,
    /// The list of an image's workflow executions, by the same ARN.
    Executions,
    /// An execution, by its id.
    Execution,
    /// All steps of an execution, by its id.
    Steps,
    /// Some of the steps of an execution: more are on another page.
    StepsPage,
}

/// A node that others may contradict.
#[derive(Debug, Clone, Copy)]
pub struct Site<'d> {
    /// As what it speaks.
    pub side: Side,
    /// What it speaks of: the ARN of an image build, or the id of an execution.
    pub key: &'d str,
    /// The node.
    pub node: Node<'d>,
}

impl<'d> Site<'d> {
    /// A number for the key that is the same in every run.
    pub fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.key.hash(&mut hasher);
        hasher.finish()
    }

    fn of_image(side: Side, node: Node<'d>, arn: &str) -> Option<Self> {
        let key = node.get_text(arn)?;
        names_a_build(key).then_some(Site { side, key, node })
    }

    fn of_execution(side: Side, node: Node<'d>) -> Option<Self> {
        let key = node.get_text("workflowExecutionId").filter(|id| id.starts_with("wf-"))?;
        Some(Site { side, key, node })
    }
}

/// Whether an ARN names one build of an image: neither a version of it nor a wildcard.
fn names_a_build(arn: &str) -> bool {
    let resource = Arn::parse(arn).filter(Arn::is_image_builder).map(|arn| arn.image_builder_resource());
    resource
        .filter(|resource| resource.kind == "image")
        .and_then(|resource| resource.version)
        .is_some_and(|version| version.build.is_some() && version.is_well_formed() && !version.has_wildcard())
}

/// Calls a function for every site in a payload, in a fixed order.
pub fn sites<'d>(root: Node<'d>, each: &mut dyn FnMut(Site<'d>)) {
    match root.exact_shape() {
        Shape::Image => Site::of_image(Side::Image, root, "arn").into_iter().for_each(each),
        Shape::GetImageResponse => {
            let image = root.get("image").and_then(|image| Site::of_image(Side::Image, image, "arn"));
            image.into_iter().for_each(each);
        }
        Shape::ListImageBuildVersionsResponse => {
            let entries = root.get("imageSummaryList").into_iter().flat_map(Node::items);
            entries.filter_map(|entry| Site::of_image(Side::Entry, entry, "arn")).for_each(each);
        }
        Shape::ListWorkflowExecutionsResponse => {
            let list = Site::of_image(Side::Executions, root, "imageBuildVersionArn");
            let items = root.get("workflowExecutions").into_iter().flat_map(Node::items);
            let items = items.filter_map(|item| Site::of_execution(Side::Execution, item));
            list.into_iter().chain(items).for_each(each);
        }
        Shape::GetWorkflowExecutionResponse | Shape::WorkflowExecutionMetadata => {
            Site::of_execution(Side::Execution, root).into_iter().for_each(each);
        }
        Shape::ListWorkflowStepExecutionsResponse => {
            let side = if root.get("nextToken").is_some() { Side::StepsPage } else { Side::Steps };
            Site::of_execution(side, root).into_iter().for_each(each);
        }
        _ => {}
    }
}

/// A rule across documents: which sides it holds against each other, and how.
#[derive(Debug)]
pub struct Pairing {
    /// The rule, which runs on no shape.
    pub rule: &'static Rule,
    /// The side that its findings are about.
    pub here: Side,
    /// The side that this is held against; where it is the same, the first one that was met.
    pub there: Side,
    /// Looks at both nodes and reports where they contradict each other.
    pub check: fn(Node<'_>, Node<'_>, &mut Contrast),
}

/// Where a rule across documents reports: one finding at most for two nodes.
#[derive(Debug)]
pub struct Contrast {
    rule: &'static Rule,
    finding: Option<Finding>,
    there: Vec<Label>,
}

impl Contrast {
    /// Nothing reported yet.
    pub fn new(rule: &'static Rule) -> Self {
        Contrast { rule, finding: None, there: Vec::new() }
    }

    /// Reports a contradiction at a place here; a further one joins the finding with its label.
    pub fn report(&mut self, here: Span, says: &'static str, message: impl FnOnce() -> String) {
        match &mut self.finding {
            None => {
                let finding = self.finding.insert(Finding::new(self.rule.name, self.rule.level, here, message()));
                finding.says(says);
            }
            Some(finding) if finding.labels().any(|label| label.span == here) => {}
            Some(finding) => {
                finding.label(here, says);
            }
        }
    }

    /// Labels a place there.
    pub fn against(&mut self, there: Span, text: &'static str) {
        if self.there.iter().all(|label| label.span != there) {
            self.there.push(Label::new(there, text));
        }
    }

    /// The finding, if any, and the labels there.
    pub fn into_finding(self) -> Option<(Finding, Vec<Label>)> {
        Some((self.finding?, self.there))
    }
}
