//! What rules see besides their node, and where they report.

use jsonc_parser::ast::StringLit;

use crate::aws::arn::{Arn, Resource};
use crate::aws::version::Version;
use crate::document::{Document, Value};
use crate::finding::{Finding, Level, Span};
use crate::model::release::ModelVersion;
use crate::model::shape::Shape;
use crate::recognise::kind::Kind;
use crate::recognise::payload::Payload;
use crate::rule::node::Node;

/// An ARN met in the walk.
#[derive(Clone, Copy, Debug)]
pub struct ArnNode<'d> {
    /// The string that holds it.
    pub node: Node<'d>,
    /// Its segments.
    pub arn: Arn<'d>,
    /// What it names, if it is an ARN of Image Builder.
    pub resource: Option<Resource<'d>>,
}

impl<'d> ArnNode<'d> {
    fn parse(node: Node<'d>, text: &'d str) -> Option<Self> {
        let arn = Arn::parse(text)?;
        Some(ArnNode { node, arn, resource: arn.is_image_builder().then(|| arn.image_builder_resource()) })
    }

    /// Where the account stands in the string.
    pub fn account_span(&self) -> Span {
        self.node.slice(self.arn.account)
    }
}

/// A key in another style of names, and the member that it means.
pub(crate) type Recased<'d> = (&'d StringLit<'d>, &'static str);

/// What the rules see besides their node, and where they report.
#[derive(Debug)]
pub struct Context<'d> {
    kind: &'static Kind,
    model: Option<ModelVersion>,
    document: &'d Document<'d>,
    root: Node<'d>,
    rule: (&'static str, Level),
    ancestors: Vec<Node<'d>>,
    arns: Vec<ArnNode<'d>>,
    owner: Option<(usize, &'d Value<'d>, Option<ArnNode<'d>>)>,
    placeholders: Placeholders,
    recased: Vec<Recased<'d>>,
    findings: Vec<Finding>,
}

/// Whether a string is there to hold an ARN: a tag or a description may hold anybody's.
fn is_arn_member(node: Node<'_>) -> bool {
    let named = matches!(node.member(), "arn" | "kmsKeyId" | "executionRole" | "parentImage");
    named || node.member().ends_with("Arn") || (node.member().is_empty() && node.shape().name().ends_with("Arn"))
}

/// The members that name the resource which a structure describes, or belongs to.
const OWNER_MEMBERS: [&str; 2] = ["arn", "imageBuildVersionArn"];

/// How many leaves hold what the printed response syntax has in their place.
#[derive(Debug, Clone, Copy, Default)]
pub struct Placeholders {
    /// Strings that read `string`.
    pub strings: usize,
    /// Numbers that read `123`.
    pub numbers: usize,
}

impl<'d> Context<'d> {
    /// The kind of the payload.
    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// The version of the service model that settings ask for; none within what is newer than it.
    pub(crate) fn model(&self) -> Option<ModelVersion> {
        self.model
    }

    pub(crate) fn set_model(&mut self, model: Option<ModelVersion>) {
        self.model = model;
    }

    /// The document that holds the payload.
    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// The root of the payload.
    pub fn root(&self) -> Node<'d> {
        self.root
    }

    /// Whether the payload is the message that Image Builder sends to an SNS topic.
    pub fn is_notification(&self) -> bool {
        self.root.exact_shape() == Shape::SnsImage
    }

    /// The structure or list that holds the node a rule is called for.
    pub fn parent(&self) -> Option<Node<'d>> {
        self.ancestors.last().copied()
    }

    /// The nodes around the one a rule is called for, the innermost first.
    pub fn ancestors(&self) -> impl Iterator<Item = Node<'d>> {
        self.ancestors.iter().rev().copied()
    }

    /// The nearest node of a shape around the one a rule is called for.
    pub fn ancestor(&self, shape: Shape) -> Option<Node<'d>> {
        self.ancestors().find(|node| node.shape() == shape)
    }

    /// The member of that name of a node, or else of the nearest structure around it that has it:
    /// the platform that a block device mapping is for, the type of the image that a component is in.
    pub fn nearest(&self, node: Node<'d>, name: &str) -> Option<Node<'d>> {
        let own = |node: Node<'d>| node.exact_shape().member(name).and_then(|_| node.get(name));
        own(node).or_else(|| self.ancestors().find_map(own))
    }

    /// The region of the resource around a node (see [`Context::owner`]).
    pub fn region(&mut self) -> Option<&'d str> {
        self.owner().map(|owner| owner.arn.region).filter(|region| !region.is_empty())
    }

    /// The account that owns the resource around a node, when it is a customer's.
    pub fn account(&mut self) -> Option<&'d str> {
        self.owner().filter(|owner| owner.arn.is_customers()).map(|owner| owner.arn.account)
    }

    /// The ARNs met so far; all of them for rules on the whole payload.
    pub fn arns(&self) -> &[ArnNode<'d>] {
        &self.arns
    }

    /// The ARN that a node holds.
    pub fn arn(&self, node: Node<'d>) -> Option<ArnNode<'d>> {
        // Most rules ask for an ARN right after the walk has parsed it.
        if let Some(last) = self.arns.last().filter(|last| std::ptr::eq(last.node.value(), node.value())) {
            return Some(*last);
        }
        // The others have been parsed in the order of the text, unless a rule looks ahead.
        let start = node.span().start;
        let index = self.arns.partition_point(|met| met.node.span().start < start);
        let met = self.arns.get(index).filter(|met| std::ptr::eq(met.node.value(), node.value()));
        met.copied().or_else(|| ArnNode::parse(node, node.text()?))
    }

    /// The version that the ARN of an Image Builder resource ends in.
    pub fn arn_version(&self, node: Node<'d>) -> Option<Version<'d>> {
        self.arn(node)?.resource?.version
    }

    /// The ARN of the outermost resource around a node: the image's in a GetImage response, the
    /// entry's in a list, `imageBuildVersionArn` of executions and findings.
    pub fn owner(&mut self) -> Option<ArnNode<'d>> {
        if let Some((depth, value, owner)) = self.owner
            && self.ancestors.get(depth).is_some_and(|node| std::ptr::eq(node.value(), value))
        {
            return owner;
        }
        let name = |node: &Node<'d>| OWNER_MEMBERS.into_iter().find(|name| node.exact_shape().member(name).is_some());
        let (depth, resource, name) =
            self.ancestors.iter().enumerate().find_map(|(depth, node)| Some((depth, *node, name(node)?)))?;
        let node = resource.get(name);
        let owner = node.and_then(|node| self.arn(node));
        self.owner = Some((depth, resource.value(), owner));
        owner
    }

    /// What stands in the place of values in a printed response syntax.
    pub fn placeholders(&self) -> Placeholders {
        self.placeholders
    }

    /// Reports a fault of a node's value.
    pub fn report(&mut self, node: Node<'d>, message: impl Into<String>) -> &mut Finding {
        self.report_at(node.span(), message)
    }

    /// Reports a fault of what stands at a span: a key, or the whole document.
    pub fn report_at(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        let (rule, level) = self.rule;
        self.findings.push(Finding::new(rule, level, span, message));
        self.findings.last_mut().expect("a finding was pushed")
    }

    /// Takes over a finding on the document that a string holds.
    pub fn adopt(&mut self, holder: Node<'d>, inner: &Document<'_>, mut finding: Finding) {
        inner.locate(&mut finding);
        finding.embed(|span| holder.part(span.range()));
        self.findings.push(finding);
    }

    pub(crate) fn new(document: &'d Document<'d>, payload: &Payload<'d>, model: Option<ModelVersion>) -> Self {
        Context {
            kind: payload.kind,
            model,
            document,
            root: payload.root(document),
            rule: ("", Level::Error),
            ancestors: Vec::new(),
            arns: Vec::new(),
            owner: None,
            placeholders: Placeholders::default(),
            recased: Vec::new(),
            findings: Vec::new(),
        }
    }

    pub(crate) fn enter(&mut self, node: Node<'d>) {
        self.ancestors.push(node);
    }

    pub(crate) fn leave(&mut self) {
        self.ancestors.pop();
    }

    /// Names the rule that reports from here on.
    pub(crate) fn speak_for(&mut self, rule: &'static str, level: Level) {
        self.rule = (rule, level);
    }

    /// Keeps what rules on the whole payload want to know of a string.
    pub(crate) fn note_text(&mut self, node: Node<'d>, text: &'d str) {
        match text.as_bytes() {
            [b'a', b'r', b'n', b':', ..] if is_arn_member(node) => {
                if let Some(arn) = ArnNode::parse(node, text) {
                    self.arns.push(arn);
                }
            }
            b"string" => self.placeholders.strings += 1,
            _ => {}
        }
    }

    /// Keeps what rules on the whole payload want to know of a number.
    pub(crate) fn note_number(&mut self, text: &str) {
        self.placeholders.numbers += usize::from(text == "123");
    }

    /// Keeps a key in another style of names with the member that it means.
    pub(crate) fn note_recased(&mut self, key: &'d StringLit<'d>, member: &'static str) {
        self.recased.push((key, member));
    }

    /// The keys that were kept with [`Context::note_recased`]; afterwards none are.
    pub(crate) fn take_recased(&mut self) -> Vec<Recased<'d>> {
        std::mem::take(&mut self.recased)
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}
