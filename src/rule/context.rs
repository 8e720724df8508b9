//! The context of a check: what surrounds its node in the payload, and the facts of the payload.

use std::ops::Range;

use crate::aws::arn::{Arn, Resource};
use crate::aws::version::Version;
use crate::document::Content;
use crate::model::shape::Shape;
use crate::model::typed::{MemberName, Typed};
use crate::recognise::kind::Kind;
use crate::recognise::payload::Carrier;
use crate::rule::node::Node;
use crate::rule::tree::{ArnEntry, Placeholders, Tree};
use crate::text::span::Span;

/// A node of a payload that holds an ARN.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ArnNode<'d> {
    /// The string that holds it.
    pub(crate) node: Node<'d>,
    /// The ARN, parsed.
    pub(crate) arn: &'d Arn<'d>,
    /// The resource that it names, if it is an ARN of Image Builder.
    pub(crate) resource: Option<&'d Resource<'d>>,
}

impl ArnNode<'_> {
    /// The span of the account.
    pub(crate) fn account_span(&self) -> Span {
        self.node.slice(self.arn.account)
    }
}

/// The context of a check on one node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'d> {
    tree: &'d Tree<'d>,
    /// The index of the node that the check is called for.
    index: u32,
}

impl<'d> Context<'d> {
    /// The context of a check on the node at an index.
    #[inline]
    pub(crate) fn new(tree: &'d Tree<'d>, index: u32) -> Self {
        Context { tree, index }
    }

    /// The kind of the payload.
    pub(crate) fn kind(&self) -> &'static Kind {
        self.tree.kind
    }

    /// Whether the payload is sent to the service.
    #[inline]
    pub(crate) fn is_request(&self) -> bool {
        self.tree.is_request()
    }

    /// Whether the payload is a request that CloudTrail recorded: it was made once.
    pub(crate) fn is_recorded(&self) -> bool {
        self.tree.carrier() == Carrier::Record
    }

    /// Whether a request is what `--generate-cli-skeleton` prints: nothing in it was filled in.
    pub(crate) fn is_cli_skeleton(&self) -> bool {
        let mut empty = 0;
        let is_blank = |index: u32| {
            let entry = self.tree.entry(index);
            match entry.value.content() {
                Content::String("") => {
                    empty += 1;
                    true
                }
                Content::String(text) => entry.shape.has_value(text) || text.starts_with("1970-01-01T00:00:00"),
                Content::Number(number) => number == "0",
                Content::Boolean(boolean) => boolean,
                Content::Null => false,
                Content::Object | Content::Array => true,
            }
        };
        self.is_request() && self.tree.indices().all(is_blank) && empty > 1
    }

    /// The root of the payload.
    pub(crate) fn root(&self) -> Node<'d> {
        Node::root(self.tree)
    }

    /// Whether the payload is the message that Image Builder sends to an SNS topic.
    pub(crate) fn is_notification(&self) -> bool {
        self.root().exact_shape() == Shape::SnsImage
    }

    /// The structure, list or map that holds the node a check is called for.
    pub(crate) fn parent(&self) -> Option<Node<'d>> {
        self.ancestors().next()
    }

    /// The nodes around the one a check is called for, the innermost first.
    pub(crate) fn ancestors(&self) -> impl Iterator<Item = Node<'d>> + use<'d> {
        let Context { tree, index } = *self;
        let parent = move |index: u32| Some(tree.entry(index).parent).filter(|parent| *parent != index);
        std::iter::successors(parent(index), move |index| parent(*index)).map(move |index| Node::new(tree, index))
    }

    /// The innermost node of a shape around the one a check is called for.
    pub(crate) fn ancestor<S: Typed>(&self) -> Option<Node<'d, S>> {
        self.ancestors().find_map(Node::cast)
    }

    /// The member of that name of a node, or else of the innermost structure around the checked node that has one,
    /// such as the platform that a block device mapping is for.
    pub(crate) fn nearest<S, M: MemberName + Copy>(&self, node: Node<'d, S>, member: M) -> Option<Node<'d>> {
        node.get_if_any(member).or_else(|| self.ancestors().find_map(|node| node.get_if_any(member)))
    }

    /// The region of the resource around the checked node (see [`Context::owner`]).
    pub(crate) fn region(&self) -> Option<&'d str> {
        self.owner().filter(|owner| owner.arn.names_region()).map(|owner| owner.arn.region)
    }

    /// The account of the resource around the checked node, if it is a customer's (see [`Context::owner`]).
    pub(crate) fn account(&self) -> Option<&'d str> {
        self.owner().filter(|owner| owner.arn.is_customers()).map(|owner| owner.arn.account)
    }

    /// The ARNs of the payload in members that are meant to hold one, in the order of the text.
    pub(crate) fn arns(&self) -> impl Iterator<Item = ArnNode<'d>> + use<'d> {
        references(self.tree, &self.tree.arns)
    }

    /// A node and all values in it that have a shape, in the order of the text.
    pub(crate) fn descendants<S>(&self, node: Node<'d, S>) -> impl Iterator<Item = Node<'d>> + use<'d, S> {
        let tree = self.tree;
        (node.index()..tree.entry(node.index()).end).map(move |index| Node::new(tree, index))
    }

    /// The ARNs within a node in members that are meant to hold one, in the order of the text.
    pub(crate) fn arns_in<S>(&self, node: Node<'d, S>) -> impl Iterator<Item = ArnNode<'d>> + use<'d, S> {
        let tree = self.tree;
        let (start, end) = (node.index(), tree.entry(node.index()).end);
        let at = |index: u32| tree.arns.partition_point(|entry| entry.index < index);
        references(tree, &tree.arns[at(start)..at(end)])
    }

    /// The ARN that a node holds, in whatever member.
    #[inline]
    pub(crate) fn arn<S>(&self, node: Node<'d, S>) -> Option<ArnNode<'d>> {
        let entry = self.tree.arn(node.index())?;
        (entry.is_reference || !node.is_masked()).then(|| arn_node(self.tree, entry))
    }

    /// The version in the ARN that a node holds, if it names a resource of Image Builder.
    #[inline]
    pub(crate) fn arn_version<S>(&self, node: Node<'d, S>) -> Option<Version<'d>> {
        self.arn(node)?.resource?.version
    }

    /// The ARN of the outermost resource around the checked node: of the image in a GetImage response, of the entry
    /// in a list, `imageBuildVersionArn` of executions and findings.
    #[inline]
    pub(crate) fn owner(&self) -> Option<ArnNode<'d>> {
        self.arn(Node::new(self.tree, self.tree.owner(self.index)?))
    }

    /// The masked parts of strings, in the order of the text: each with its node and its range in the text.
    pub(crate) fn masks(&self) -> impl Iterator<Item = (Node<'d>, Range<usize>)> + use<'d> {
        let tree = self.tree;
        tree.masks.iter().map(move |mask| (Node::new(tree, mask.index), mask.range.clone()))
    }

    /// How many values of the payload are placeholders of a response syntax in the documentation.
    pub(crate) fn placeholders(&self) -> Placeholders {
        self.tree.placeholders
    }
}

fn references<'d>(tree: &'d Tree<'d>, arns: &'d [ArnEntry<'d>]) -> impl Iterator<Item = ArnNode<'d>> + use<'d> {
    arns.iter().filter(|entry| entry.is_reference).map(move |entry| arn_node(tree, entry))
}

fn arn_node<'d>(tree: &'d Tree<'d>, entry: &'d ArnEntry<'d>) -> ArnNode<'d> {
    let ArnEntry { index, arn, resource, .. } = entry;
    ArnNode { node: Node::new(tree, *index), arn, resource: resource.as_ref() }
}
