//! Errors in the place of a response, and the answers to dry runs.

use crate::aws::error::{FailedCall, error_code};
use crate::document;
use crate::model::typed::shapes::{ClientError, CloudTrailRecord, ErrorBody, PclusterBadRequest};
use crate::rule::prelude::*;

pub(super) static RULES: &[&Check] = &[&ERROR_DOCUMENT, &DRY_RUN];

/// The shapes of documents about a call that failed.
type Failures = (ClientError, ErrorBody, PclusterBadRequest, CloudTrailRecord);

static ERROR_DOCUMENT: Check = Check {
    rule: &document::ERROR_DOCUMENT,
    on: &Each::<Failures>(|failure, cx| {
        let Some(found) = Failure::of(failure.any()).filter(|found| !found.call().is_dry_run()) else {
            return;
        };
        let finding = cx.report(failure, found.message()).at(failure.opening());
        if let Some((node, _)) = found.code {
            finding.label(node.span(), if found.refused.is_some() { "what failed" } else { "the error's code" });
        } else if let Some((node, _)) = found.message {
            finding.label(node.span(), "what it says");
        }
    }),
};

static DRY_RUN: Check = Check {
    rule: &document::DRY_RUN,
    on: &Each::<Failures>(|failure, cx| {
        if let Some(found) = Failure::of(failure.any()).filter(|found| found.call().is_dry_run()) {
            let finding = cx.report(failure, found.call().message()).at(failure.opening());
            if let Some((node, _)) = found.code.or(found.message) {
                finding.label(node.span(), "this says so");
            }
        }
    }),
};

/// What is in a document about a call that failed.
struct Failure<'d> {
    operation: Option<&'d str>,
    code: Option<(Node<'d>, &'d str)>,
    message: Option<(Node<'d>, &'d str)>,
    /// What `ParallelCluster` refused.
    refused: Option<&'static str>,
}

impl<'d> Failure<'d> {
    /// None if the document is about no failure.
    fn of(failure: Node<'d>) -> Option<Self> {
        let found = if let Some(error) = failure.cast::<ClientError>() {
            let error = error.get(member::Error)?;
            let (code, message) = (error.get_with_text(member::Code), error.get_with_text(member::Message));
            Failure { operation: None, code, message, refused: None }
        } else if let Some(record) = failure.cast::<CloudTrailRecord>() {
            Failure {
                operation: record.get_text(member::EventName),
                code: record.get_with_text(member::ErrorCode),
                message: record.get_with_text(member::ErrorMessage).filter(|_| record.get(member::ErrorCode).is_some()),
                refused: None,
            }
        } else if let Some(refusal) = failure.cast::<PclusterBadRequest>() {
            Failure::of_refusal(refusal)
        } else {
            let body = failure.cast::<ErrorBody>()?;
            let code = body.get_with_text(member::Type).or_else(|| body.get_with_text(member::Code));
            Failure {
                operation: None,
                code: code.or_else(|| body.get_with_text(member::CodeAsWell)),
                message: body.get_with_text(member::MessageAsWell).or_else(|| body.get_with_text(member::Message)),
                refused: None,
            }
        };
        (found.code.is_some() || found.message.is_some()).then_some(found)
    }

    /// What the first validator says that failed, or else the answer itself.
    fn of_refusal(refusal: Node<'d, PclusterBadRequest>) -> Self {
        let own = refusal.get_with_text(member::Message);
        if let Some(error) = refusal.get(member::UpdateValidationErrors).and_then(|errors| errors.items().next()) {
            return Failure {
                operation: None,
                code: error.get_with_text(member::Parameter),
                message: error.get_with_text(member::Message).or(own),
                refused: Some("the update"),
            };
        }
        let errors = || refusal.items_of(member::ConfigurationValidationErrors);
        let is_error = |level: Option<&str>| level == Some("ERROR");
        let error = errors().find(|error| is_error(error.get_text(member::Level))).or_else(|| errors().next());
        Failure {
            operation: None,
            code: error.and_then(|error| error.get_with_text(member::Type)),
            message: error.and_then(|error| error.get_with_text(member::Message)).or(own),
            refused: Some("the configuration"),
        }
    }

    fn call(&self) -> FailedCall<'d> {
        FailedCall {
            operation: self.operation,
            code: self.code.map(|(_, code)| error_code(code)),
            message: self.message.map(|(_, message)| message),
        }
    }

    fn message(&self) -> String {
        match self.refused {
            Some(refused) => self.call().refusal(refused),
            None => self.call().message(),
        }
    }
}
