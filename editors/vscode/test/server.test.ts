// What the extension asks of the server, over Microsoft's library for the protocol.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import {
  ApplyWorkspaceEditRequest,
  CodeActionRequest,
  CompletionRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExecuteCommandRequest,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type ApplyWorkspaceEditParams,
  type CodeAction,
  type CompletionList,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type ProtocolConnection,
  type TextDocumentEdit,
} from "vscode-languageserver-protocol/node";

import { findProgram } from "../src/program";

const root = path.resolve(__dirname, "..");
const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
const program = findProgram({
  setting: process.env["IMAGELINT"] ?? "",
  folders: [root],
  environment: process.env,
  platform: process.platform,
});
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "imagelint-"));
const uri = pathToFileURL(path.join(folder, "a.json")).toString();
const TEXT = `{"image": {"arn": "arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1",
 "Platform": "Linux", "state": {"status": "BUILDING"}}}`;

let server: ReturnType<typeof spawn>;
let connection: ProtocolConnection;
let commands: string[] = [];

before(async () => {
  assert.ok(program, "set IMAGELINT to the program");
  server = spawn(program, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
  connection = createProtocolConnection(new StreamMessageReader(server.stdout!), new StreamMessageWriter(server.stdin!));
  connection.listen();
  const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: pathToFileURL(folder).toString(),
    capabilities: { textDocument: { diagnostic: {} }, workspace: { applyEdit: true, workspaceEdit: { documentChanges: true } } },
  });
  commands = capabilities.executeCommandProvider?.commands ?? [];
  await connection.sendNotification(InitializedNotification.type, {});
  const textDocument = { uri, languageId: "json", version: 1, text: TEXT };
  await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
});

after(async () => {
  await connection.sendRequest(ShutdownRequest.type);
  const ended = new Promise((resolve) => server.once("exit", resolve));
  await connection.sendNotification("exit");
  assert.equal(await ended, 0);
  fs.rmSync(folder, { recursive: true });
});

async function diagnostics(): Promise<Diagnostic[]> {
  const report: DocumentDiagnosticReport = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
  assert.equal(report.kind, "full");
  return report.kind === "full" ? report.items : [];
}

test("the commands of the extension are not those that the client registers for the server", () => {
  const contributed = manifest.contributes.commands.map(({ command }: { command: string }) => command);
  const extension = fs.readFileSync(path.join(root, "src/extension.ts"), "utf8");
  for (const command of contributed) {
    assert.ok(!commands.includes(command), command);
    assert.ok(extension.includes(`"${command}"`), command);
  }
  for (const command of ["imagelint.explain", "imagelint.fixAll", "imagelint.ignore", "imagelint.openRulePage"]) {
    assert.ok(commands.includes(command), command);
  }
});

test("findings are pulled and fixed", async () => {
  const [found] = await diagnostics();
  assert.equal(found?.code, "member-name-case");
  assert.match(found.codeDescription?.href ?? "", /member-name-case/);
  const context = { diagnostics: [found] };
  const actions = await connection.sendRequest(CodeActionRequest.type, { textDocument: { uri }, range: found.range, context });
  const preferred = (actions as CodeAction[]).find((action) => action.isPreferred);
  const [change] = preferred?.edit?.documentChanges as TextDocumentEdit[];
  assert.equal(change?.edits[0] && "newText" in change.edits[0] ? change.edits[0].newText : "", '"platform"');
});

test("what the commands of the extension ask for is done", async () => {
  const edits: ApplyWorkspaceEditParams[] = [];
  connection.onRequest(ApplyWorkspaceEditRequest.type, (params) => {
    edits.push(params);
    return { applied: true };
  });
  const execute = (command: string, given: unknown) =>
    connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: [given] });
  assert.match((await execute("imagelint.explain", "member-name-case")) as string, /^# member-name-case/);
  assert.equal(await execute("imagelint.fixAll", uri), true);
  const position = { line: 1, character: 1 };
  await execute("imagelint.ignore", { uri, rule: "member-name-case", reason: "an old client", position });
  await diagnostics();
  assert.equal(edits.length, 2);
  assert.match(JSON.stringify(edits[1]), /pointer = ..\/image\/Platform..\\nreason = ..an old client/);
});

test("members are explained and completed", async () => {
  const position = { line: 1, character: 4 };
  const hover = await connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position });
  assert.match(JSON.stringify(hover?.contents), /a member of Image/);
  const textDocument = { uri, version: 2 };
  const contentChanges = [{ text: TEXT.replace('"Platform": "Linux"', '"plat"') }];
  await connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument, contentChanges });
  const completion = await connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position });
  assert.ok((completion as CompletionList).items.some((item) => item.label === "platform"));
});

test("the problem matcher reads the concise report", () => {
  const file = path.join(folder, "a b.json");
  fs.writeFileSync(file, TEXT.replace("Linux", "linux"));
  const report = spawnSync(program!, ["--format", "concise", file], { encoding: "utf8" }).stdout.trim().split("\n");
  const { regexp, ...groups } = manifest.contributes.problemMatchers[0].pattern;
  assert.ok(report.length >= 2);
  for (const line of report) {
    const match = new RegExp(regexp).exec(line);
    assert.ok(match, line);
    assert.equal(match[groups.file], file);
    assert.match(`${match[groups.line]} ${match[groups.column]} ${match[groups.severity]} ${match[groups.code]}`, /^\d+ \d+ error [a-z-]+$/);
  }
});
