//! What the client can do, as it says when it starts the server.

use std::path::PathBuf;

use gen_lsp_types::{InitializeParams, MarkupContent, MarkupKind, ResourceOperationKind, WorkspaceFolders};

use crate::lsp::positions::Encoding;
use crate::lsp::uri::path_of;

/// What a text is shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    Markdown,
    PlainText,
    /// Text, without a word on what it is.
    Unsaid,
}

impl Markup {
    fn of(shown: Option<&[MarkupKind]>) -> Self {
        match shown.unwrap_or_default() {
            [] => Markup::Unsaid,
            shown if shown.contains(&MarkupKind::Markdown) => Markup::Markdown,
            _ => Markup::PlainText,
        }
    }

    /// A text in Markdown; without its marks, if it is shown as it is.
    pub(super) fn content(self, text: &str) -> MarkupContent {
        match self {
            Markup::Markdown => MarkupContent { kind: MarkupKind::Markdown, value: text.to_owned() },
            Markup::PlainText | Markup::Unsaid => {
                MarkupContent { kind: MarkupKind::PlainText, value: text.replace(['`', '*'], "") }
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
    pub(super) fn of(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let text = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let window = capabilities.window.as_ref();
        let offered = capabilities.general.as_ref().and_then(|general| general.position_encodings.as_deref());
        let completion =
            text.and_then(|text| text.completion.as_ref()).and_then(|given| given.completion_item.as_ref());
        let hovering = text.and_then(|text| text.hover.as_ref());
        let watching = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
        let refreshing = workspace.and_then(|workspace| workspace.diagnostics.as_ref());
        let operations = edits.and_then(|edits| edits.resource_operations.as_deref()).unwrap_or_default();
        Client {
            encoding: Encoding::of(offered.unwrap_or_default()),
            pulls: text.is_some_and(|text| text.diagnostic.is_some()),
            refreshes: refreshing.is_some_and(|given| given.refresh_support == Some(true)),
            watches: watching.is_some_and(|given| given.dynamic_registration == Some(true)),
            has_configuration: workspace.is_some_and(|workspace| workspace.configuration == Some(true)),
            shows_documents: window.and_then(|window| window.show_document.as_ref()).is_some_and(|show| show.support),
            has_document_changes: edits.is_some_and(|edits| edits.document_changes == Some(true)),
            creates_files: operations.contains(&ResourceOperationKind::Create),
            hovers_in: Markup::of(hovering.and_then(|given| given.content_format.as_deref())),
            completes_in: Markup::of(completion.and_then(|given| given.documentation_format.as_deref())),
            has_snippets: completion.is_some_and(|given| given.snippet_support == Some(true)),
        }
    }
}

/// The folders that are open when the server starts.
pub(super) fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    let given = params.workspace_folders_initialize_params.workspace_folders.as_ref();
    if let Some(WorkspaceFolders::WorkspaceFolderList(folders)) = given {
        return folders.iter().filter_map(|folder| path_of(&folder.uri.0)).collect();
    }
    #[expect(deprecated, reason = "older clients say no more")]
    let root = params.root_uri.as_ref();
    root.and_then(|root| path_of(&root.0)).into_iter().collect()
}
