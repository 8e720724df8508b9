//! What a document is: its kind, and what it describes. Knows no rule.

use crate::document::{Document, Member, Value};
use crate::recognise::Payload;
use crate::recognise::kind::is_own_arn;
use crate::rule::Tree;
use crate::text::secret::masked;

/// What a document is, for reports that name every document.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// The index of the document in its file.
    pub(crate) index: usize,
    /// The offset in its text at which it starts.
    pub(crate) start: usize,
    /// Whether it was checked: it is from Image Builder, or somebody named it.
    pub(crate) is_checked: bool,
    /// The kind of what it holds; none if no kind is recognised.
    pub(crate) kind: Option<&'static str>,
    /// What it describes: the id of an execution, an ARN, or else the id of the request.
    pub(crate) id: Option<String>,
    is_envelope: bool,
    rank: Rank,
}

/// How much an id says of what a document describes; the first says most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Execution,
    OwnArn,
    InnerArn,
    OtherArn,
    Request,
    None,
}

impl Identity {
    /// That of a document of which nothing is known yet.
    pub(crate) fn new(index: usize, document: &Document<'_>) -> Self {
        let before = document.text.len() - document.text.trim_ascii_start().len();
        let start = document.root().map_or(before, |root| root.span().start);
        Identity::at(index, document.offset + start)
    }

    /// That of a document that starts there.
    pub(crate) fn at(index: usize, start: usize) -> Self {
        Identity { index, start, is_checked: false, kind: None, id: None, is_envelope: true, rank: Rank::None }
    }

    /// Takes over what a payload of the document, in the API's spelling, says of it.
    pub(super) fn add(&mut self, payload: &Payload<'_>, tree: &Tree<'_>) {
        if self.kind.is_none() || (self.is_envelope && !payload.kind.is_envelope) {
            self.kind = Some(payload.kind.name);
            self.is_envelope = payload.kind.is_envelope;
        }
        if let Some((rank, id)) = id(tree.entry(0).value).filter(|(rank, _)| *rank < self.rank) {
            self.rank = rank;
            self.id = Some(masked(id).into_owned());
        }
    }
}

/// The id in a payload that says most.
fn id<'d>(root: Value<'d>) -> Option<(Rank, &'d str)> {
    const EXECUTIONS: [(&str, &str); 3] =
        [("stepExecutionId", "step-"), ("workflowExecutionId", "wf-"), ("lifecycleExecutionId", "lce-")];
    const REQUESTS: [&str; 5] = ["requestId", "requestID", "eventID", "id", "MessageId"];
    let text = |name: &str| root.member(name)?.value().text();
    let arn = |object: Value<'d>| object.member("arn").map(Member::value);
    let own = |value: Value<'d>| value.text().is_some_and(is_own_arn);
    let inner = || root.members().filter(|member| member.value().is_object()).filter_map(|member| arn(member.value()));
    let others = || root.members().map(Member::value).flat_map(|value| [Some(value), value.items().next()]);
    let execution = EXECUTIONS.iter().find_map(|(name, prefix)| text(name).filter(|id| id.starts_with(prefix)));
    let metadata = || root.member("ResponseMetadata")?.value().member("RequestId")?.value().text();
    let request = || REQUESTS.iter().find_map(|name| text(name)).or_else(metadata).filter(|id| is_request(id));
    let found = |rank, id: Option<Value<'d>>| Some((rank, id?.text()?));
    execution
        .map(|id| (Rank::Execution, id))
        .or_else(|| found(Rank::OwnArn, arn(root).filter(|arn| own(*arn))))
        .or_else(|| found(Rank::InnerArn, inner().find(|arn| own(*arn))))
        .or_else(|| found(Rank::OtherArn, others().flatten().find(|value| own(*value))))
        .or_else(|| Some((Rank::Request, request()?)))
}

/// Whether a text has the form of a UUID, as ids of requests have, be it a masked one.
fn is_request(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-*".contains(&byte))
}
