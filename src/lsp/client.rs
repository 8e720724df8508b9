//! What the client can do, as it says when it starts the server.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::lsp::positions::Encoding;
use crate::lsp::protocol::{Params, WrongParams};
use crate::lsp::uri::path_of;

const MARKDOWN: &str = "markdown";

/// What a text is shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    Markdown,
    PlainText,
    /// Text, without a word on what it is.
    Unsaid,
}

impl Markup {
    fn of(shown: &[&str]) -> Self {
        match shown {
            [] => Markup::Unsaid,
            shown if shown.contains(&MARKDOWN) => Markup::Markdown,
            _ => Markup::PlainText,
        }
    }

    /// A text in Markdown; without its marks, if it is shown as it is.
    pub(super) fn content(self, text: &str) -> Value {
        match self {
            Markup::Markdown => json!({ "kind": MARKDOWN, "value": text }),
            Markup::PlainText | Markup::Unsaid => {
                json!({ "kind": "plaintext", "value": text.replace(['`', '*'], "") })
            }
        }
    }
}

/// What the client can do.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a capability of its own")]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    /// It asks for diagnostics.
    pub(super) pulls: bool,
    /// It asks again when it is told to.
    pub(super) refreshes: bool,
    /// It watches files.
    pub(super) watches: bool,
    /// It answers what its settings are.
    pub(super) has_configuration: bool,
    /// It shows documents.
    pub(super) shows_documents: bool,
    /// It takes edits of several documents with their versions.
    pub(super) has_document_changes: bool,
    /// It makes files.
    pub(super) creates_files: bool,
    /// It completes with places to fill in.
    pub(super) has_snippets: bool,
    /// In what it shows hovers.
    pub(super) hovers_in: Markup,
    /// In what it shows what is said of a completion.
    pub(super) completes_in: Markup,
}

impl Client {
    /// The capabilities in the parameters of `initialize`.
    ///
    /// # Errors
    ///
    /// If there are none.
    pub(super) fn of(params: Params<'_>) -> Result<Self, WrongParams> {
        let capabilities = params.get("/capabilities").filter(|given| given.is_object()).ok_or(WrongParams)?;
        let given = Params(capabilities);
        let texts = |pointer: &str| given.texts(pointer).unwrap_or_default();
        Ok(Client {
            encoding: Encoding::of(&texts("/general/positionEncodings")),
            pulls: given.get("/textDocument/diagnostic").is_some(),
            refreshes: given.is_true("/workspace/diagnostics/refreshSupport"),
            watches: given.is_true("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            has_configuration: given.is_true("/workspace/configuration"),
            shows_documents: given.is_true("/window/showDocument/support"),
            has_document_changes: given.is_true("/workspace/workspaceEdit/documentChanges"),
            creates_files: texts("/workspace/workspaceEdit/resourceOperations").contains(&"create"),
            hovers_in: Markup::of(&texts("/textDocument/hover/contentFormat")),
            completes_in: Markup::of(&texts("/textDocument/completion/completionItem/documentationFormat")),
            has_snippets: given.is_true("/textDocument/completion/completionItem/snippetSupport"),
        })
    }
}

/// The folders that are open when the server starts.
pub(super) fn folders(params: Params<'_>) -> Vec<PathBuf> {
    match params.items("/workspaceFolders") {
        Ok(folders) => folders.filter_map(|folder| path_of(folder.text("/uri").ok()?)).collect(),
        // Older clients say no more.
        Err(_) => params.text("/rootUri").ok().and_then(path_of).into_iter().collect(),
    }
}
