// Starts the program as a language server, and adds commands that need VS Code.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";

import { findProgram } from "./program";

const NAME = "imagelint";
/** The scheme of the pages of rules, whose text is the program's. */
const PAGES = "imagelint-rule";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const register = (command: string, run: () => Promise<void>) =>
    context.subscriptions.push(vscode.commands.registerCommand(command, run));
  register("imagelint.fix", fixAll);
  register("imagelint.rulePage", showPageHere);
  register("imagelint.ignoreHere", ignoreHere);
  register("imagelint.restart", restart);
  const pages = { provideTextDocumentContent: (uri: vscode.Uri) => page(uri.path.replace(/\.md$/, "")) };
  context.subscriptions.push(vscode.workspace.registerTextDocumentContentProvider(PAGES, pages));
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("imagelint.path")) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function start(): Promise<void> {
  const command = findProgram({
    setting: vscode.workspace.getConfiguration(NAME).get<string>("path", ""),
    folders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
    environment: process.env,
    platform: process.platform,
  });
  if (command === undefined) {
    const settings = "Open settings";
    const message = "imagelint is neither in `imagelint.path` nor in a virtual environment of the workspace nor on the PATH.";
    void vscode.window.showWarningMessage(message, settings).then((chosen) => {
      if (chosen === settings) {
        void vscode.commands.executeCommand("workbench.action.openSettings", "imagelint.path");
      }
    });
    return;
  }
  const server: ServerOptions = { command, args: ["lsp"] };
  const options: LanguageClientOptions = {
    documentSelector: [
      { language: "json" },
      { language: "jsonc" },
      { language: "jsonl" },
      { scheme: "file", pattern: "**/*.{json,jsonl,ndjson}" },
      { scheme: "file", pattern: "**/imagelint.toml" },
    ],
    middleware: {
      // The page is shown here: then it needs no network.
      executeCommand: async (name, given, next) => {
        if (name === "imagelint.openRulePage" && typeof given[0] === "string") {
          await showPage(given[0]);
          return null;
        }
        return next(name, given);
      },
    },
  };
  client = new LanguageClient(NAME, NAME, server, options);
  await client.start();
}

async function restart(): Promise<void> {
  await client?.stop();
  client = undefined;
  await start();
}

/** Makes all safe fixes in the active editor. */
async function fixAll(): Promise<void> {
  const uri = vscode.window.activeTextEditor?.document.uri.toString();
  if (uri !== undefined) {
    await ask("imagelint.fixAll", [uri]);
  }
}

async function page(rule: string): Promise<string> {
  return (await ask<string>("imagelint.explain", [rule])) ?? "";
}

async function showPage(rule: string): Promise<void> {
  await vscode.commands.executeCommand("markdown.showPreviewToSide", vscode.Uri.from({ scheme: PAGES, path: `${rule}.md` }));
}

/** The finding at the cursor, or the one that is chosen of several. */
async function chosenHere(): Promise<{ editor: vscode.TextEditor; found: vscode.Diagnostic; rule: string } | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    return undefined;
  }
  const ours = vscode.languages.getDiagnostics(editor.document.uri).filter((found) => found.source === NAME);
  const near = ours.filter((found) => found.range.intersection(editor.selection) !== undefined);
  const items = (near.length > 0 ? near : ours).map((found) => ({ label: ruleOf(found), detail: found.message, found }));
  const chosen = items.length > 1 ? await vscode.window.showQuickPick(items, { title: "Which finding?" }) : items[0];
  return chosen && { editor, found: chosen.found, rule: chosen.label };
}

function ruleOf(found: vscode.Diagnostic): string {
  return String(typeof found.code === "object" ? found.code.value : (found.code ?? ""));
}

async function showPageHere(): Promise<void> {
  const chosen = await chosenHere();
  if (chosen !== undefined) {
    await showPage(chosen.rule);
  }
}

/** Asks for a reason, and adds an ignore with it: for the rule, in the whole file. */
async function ignoreHere(): Promise<void> {
  const chosen = await chosenHere();
  if (chosen === undefined) {
    return;
  }
  const { editor, found, rule } = chosen;
  const reason = await vscode.window.showInputBox({ title: `Ignore ${rule}`, prompt: found.message, placeHolder: "Why?" });
  if (reason === undefined || reason.trim() === "") {
    return;
  }
  const uri = editor.document.uri.toString();
  const { line, character } = found.range.start;
  await ask("imagelint.ignore", [{ uri, rule, reason, position: { line, character } }]);
}

/** Lets the server execute a command. */
async function ask<T>(command: string, given: unknown[]): Promise<T | undefined> {
  try {
    return await client?.sendRequest<T>("workspace/executeCommand", { command, arguments: given });
  } catch (error) {
    void vscode.window.showErrorMessage(`imagelint: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
