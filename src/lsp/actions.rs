//! Code actions: fixes, ignores, and the pages of rules.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::document::Text;
use crate::document::secret::{self, Redactor};
use crate::finding::Finding;
use crate::finding::fix::Safety;
use crate::lsp::check::Found;
use crate::lsp::client::Client;
use crate::lsp::diagnostics::Diagnoser;
use crate::lsp::open::Open;
use crate::lsp::positions::{Encoding, LineMap};
use crate::lsp::protocol::{CodeAction, QUICK_FIX, TextEdit, command};
use crate::lsp::rewrite::{Replacement, replacement, replacements};
use crate::settings::edit::{Grounds, NewIgnore, with_ignores};
use crate::settings::{File, Flags, Settings};
use crate::text::lines::Origin;

/// The command that shows the page of a rule in a browser.
pub(super) const OPEN_PAGE: &str = "imagelint.openRulePage";
/// The command that returns the page of a rule.
pub(super) const EXPLAIN: &str = "imagelint.explain";
/// The command that shows the reason of a new ignore, which is to be written.
pub(super) const SHOW_REASON: &str = "imagelint.showReason";
/// The command that adds an ignore with a reason.
pub(super) const IGNORE: &str = "imagelint.ignore";
/// The command that makes all safe fixes.
pub(super) const FIX_ALL: &str = "imagelint.fixAll";

/// All commands.
pub(super) const COMMANDS: [&str; 5] = [OPEN_PAGE, EXPLAIN, SHOW_REASON, IGNORE, FIX_ALL];

/// The kind of the action that makes all safe fixes.
pub(super) const FIX_ALL_KIND: &str = "source.fixAll.imagelint";

/// The reason of a new ignore until somebody writes a better one.
const REASON: &str = "accepted in the editor; say why";

/// For how many findings at one place an ignore is offered.
const MOST_IGNORES: usize = 8;

/// The settings file that ignores for a text are written to.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) uri: String,
    pub(super) path: PathBuf,
    /// Its text and, if it is open, its version; none if it is to be made.
    pub(super) found: Option<(String, Option<i32>)>,
}

/// Whether an action of a kind is wanted.
pub(super) fn wants(only: Option<&[&str]>, kind: &str) -> bool {
    let is_wanted = |wanted: &&str| wanted.is_empty() || kind == *wanted || kind.starts_with(&format!("{wanted}."));
    only.is_none_or(|only| only.iter().any(is_wanted))
}

/// Makes the actions for a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Actor<'a> {
    pub(super) open: &'a Open,
    pub(super) client: Client,
}

impl Actor<'_> {
    /// The actions for some findings.
    pub(super) fn for_findings(&self, found: &[&Found], target: Option<&Target>) -> Vec<CodeAction> {
        let diagnoser = Diagnoser { uri: &self.open.uri, lines: &self.open.lines, encoding: self.client.encoding };
        let mut actions: Vec<CodeAction> = Vec::new();
        for found in found {
            actions.extend(self.fix(found, diagnoser.of(found)));
        }
        for found in found.iter().take(MOST_IGNORES) {
            let ignore = target.and_then(|target| self.ignore(&found.finding, target));
            actions.extend(ignore.map(|action| of_diagnostic(action, diagnoser.of(found))));
        }
        let mut seen: Vec<&str> = Vec::new();
        for found in found {
            let rule = found.finding.rule();
            // Mistakes in settings have no page.
            if !seen.contains(&rule.name) && !rule.source.is_empty() {
                seen.push(rule.name);
                let title = format!("open the page of `{}`", rule.name);
                let command = command(&title, OPEN_PAGE, &[rule.name.into()]);
                let action = CodeAction { title, kind: QUICK_FIX, command: Some(command), ..CodeAction::default() };
                actions.push(of_diagnostic(action, diagnoser.of(found)));
            }
        }
        actions
    }

    /// The fix of a finding.
    fn fix(&self, found: &Found, diagnostic: Value) -> Option<CodeAction> {
        let fix = found.finding.printable_fix()?;
        let is_safe = fix.safety == Safety::Safe;
        let note = if is_safe { "" } else { ", unsafe: it chooses one of two meanings" };
        let edits = fix.edits.iter().map(|edit| TextEdit {
            range: self.open.lines.range(found.bytes_of(edit), self.client.encoding),
            new_text: edit.text().to_owned(),
        });
        let action = CodeAction {
            title: format!("{} ({}{note})", fix.title, found.finding.rule().name),
            kind: QUICK_FIX,
            is_preferred: is_safe.then_some(true),
            edit: Some(self.edit(&edits.collect::<Vec<_>>())),
            ..CodeAction::default()
        };
        Some(of_diagnostic(action, diagnostic))
    }

    /// All safe fixes at once.
    pub(super) fn fix_all(&self) -> Option<CodeAction> {
        Some(CodeAction {
            title: "make all safe fixes of imagelint".to_owned(),
            kind: FIX_ALL_KIND,
            edit: Some(self.edit(&self.all_fixes()?)),
            ..CodeAction::default()
        })
    }

    /// The edits of all safe fixes; none if there are none, or if they would tell a secret.
    fn all_fixes(&self) -> Option<Vec<TextEdit>> {
        let old = &self.open.text;
        let new = self.open.task.as_ref()?.fixed(old)?;
        let found = replacements(old, &new);
        let text = Text::of(old, Origin::default());
        let redactor = Redactor::new(old, &secret::spans(old, &text.documents()));
        if found.iter().any(|Replacement { text, .. }| redactor.finds_in(text)) {
            return None;
        }
        let encoding = self.client.encoding;
        let edit = |Replacement { bytes, text }: Replacement<'_>| text_edit(&self.open.lines, bytes, text, encoding);
        Some(found.into_iter().map(edit).collect())
    }

    /// An ignore for a finding, whose reason is to be written.
    fn ignore(&self, finding: &Finding, target: &Target) -> Option<CodeAction> {
        let ignore = NewIgnore::of(finding, &target.name_of(self.open.path.as_deref()?)?);
        let (edit, reason) = target.with(&ignore, REASON, self.client)?;
        let shows = self.client.shows_documents;
        let show = shows.then(|| command("show the reason", SHOW_REASON, &[target.uri.as_str().into(), reason]));
        Some(CodeAction {
            title: format!("ignore `{}` here, with a reason in imagelint.toml", finding.rule().name),
            kind: QUICK_FIX,
            edit: Some(edit),
            command: show,
            ..CodeAction::default()
        })
    }

    /// Edits of the text.
    fn edit(&self, edits: &[TextEdit]) -> Value {
        let Open { uri, version, .. } = self.open;
        workspace_edit(self.client, uri, Some(*version), edits, false)
    }
}

impl Target {
    /// The name of a file in its ignores.
    pub(super) fn name_of(&self, path: &Path) -> Option<String> {
        let file = File { name: self.path.display().to_string(), text: String::new() };
        let settings = Settings::new(Some(file), &Flags::new()).ok()?;
        Some(settings.name_in_ignores(&path.display().to_string()))
    }

    /// The edit that adds an ignore, and the range of its reason; none if the file has mistakes.
    pub(super) fn with(&self, ignore: &NewIgnore, reason: &str, client: Client) -> Option<(Value, Value)> {
        let old = self.found.as_ref().map_or("", |(text, _)| text.as_str());
        let new = with_ignores(old, std::slice::from_ref(ignore), Grounds { reason, expires: None }).ok()?;
        let file = File { name: self.path.display().to_string(), text: new.clone() };
        Settings::new(Some(file), &Flags::new()).ok()?;
        let Replacement { bytes, text } = replacement(old, &new);
        let start = bytes.start;
        // The reason may have been there before: then what changes says it.
        let at = text.rfind(reason).map_or(start..start + text.len(), |at| start + at..start + at + reason.len());
        let shown = LineMap::of(&new).range(at, client.encoding);
        let edit = text_edit(&LineMap::of(old), bytes, text, client.encoding);
        let version = self.found.as_ref().and_then(|(_, version)| *version);
        Some((workspace_edit(client, &self.uri, version, &[edit], self.found.is_none()), json!(shown)))
    }
}

fn text_edit(lines: &LineMap, bytes: std::ops::Range<usize>, text: &str, encoding: Encoding) -> TextEdit {
    TextEdit { range: lines.range(bytes, encoding), new_text: text.to_owned() }
}

/// Edits of a file, in the form that the client takes.
fn workspace_edit(client: Client, uri: &str, version: Option<i32>, edits: &[TextEdit], creates: bool) -> Value {
    if !client.has_document_changes {
        return json!({ "changes": { uri: edits } });
    }
    let edit = json!({ "textDocument": { "uri": uri, "version": version }, "edits": edits });
    if creates && client.creates_files {
        let create = json!({ "kind": "create", "uri": uri, "options": { "ignoreIfExists": true } });
        return json!({ "documentChanges": [create, edit] });
    }
    json!({ "documentChanges": [edit] })
}

fn of_diagnostic(action: CodeAction, diagnostic: Value) -> CodeAction {
    CodeAction { diagnostics: vec![diagnostic], ..action }
}
