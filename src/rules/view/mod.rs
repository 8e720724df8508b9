//! What several themes of rules need to know about a document. Holds no rule and knows none.

pub(crate) mod arn;
pub(crate) mod contrast;
pub(crate) mod date;
pub(crate) mod destination;
pub(crate) mod image;
pub(crate) mod launch_permission;
pub(crate) mod lifecycle;
pub(crate) mod lookup;
pub(crate) mod output;
pub(crate) mod own_arn;
pub(crate) mod product;
pub(crate) mod repeat;
pub(crate) mod source;
pub(crate) mod workflow;
