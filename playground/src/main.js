/** The page: files, what is asked of the library, and what is shown of its answers. */

import { createEditor, mark, placeOf, select, showDifferences } from "./editor.js";
import { ask, start } from "./engine.js";
import { point, setUp, show } from "./list.js";
import { count, make } from "./make.js";

const at = (selector) => document.querySelector(selector);
const [name, verdict, time, settings] = ["#name", "#verdict", "#time", "#settings-text"].map(at);

/** So many findings are told in full; the others are counted. */
const MOST = 2000;
/** Texts up to this length are checked at once as they are typed. */
const SHORT = 1_000_000;

/** The open files; the editor has the text of the current one. */
const files = [];
let current;
/** Counts what would change the answer, so that a late one is told from one that is right. */
let version = 0;
let checking = false;
let isWanted = false;
let timer;

// The editor

const { view, state } = createEditor(at("#editor"), (update) => {
  if (update.docChanged) {
    current.isTouched = true;
    const whole = update.transactions.some((transaction) => transaction.isUserEvent("input.paste"));
    later(whole ? 0 : view.state.doc.length > SHORT ? 400 : 40);
  }
  if (update.selectionSet && current) point(update.state.selection.main.head);
});

/** Replaces what the editor has by another text, with its own history. */
const present = (text) => view.setState(state(text));

// Checks

const later = (delay) => {
  version += 1;
  clearTimeout(timer);
  timer = setTimeout(() => check(), delay);
};

/** What is said of no text at all. */
const NOTHING = {
  findings: [],
  counts: { error: 0, warning: 0, info: 0 },
  fixes: { safe: 0, unsafe: 0 },
  documents: 0,
  fails: false,
  kinds: [],
  mistakes: [],
};

const request = () => ({ ask: "lint", file: name.value || "-", settings: settings.value, most: MOST });

/** The mistakes in the settings alone. */
const mistakes = async () => (settings.value ? (await ask(request(), "{}")).mistakes : []);

/** Checks the text of the editor; what changes meanwhile is checked afterwards. */
const check = async () => {
  isWanted = true;
  if (checking) return;
  checking = true;
  while (isWanted) {
    isWanted = false;
    const asked = version;
    const started = performance.now();
    const text = view.state.doc.toString();
    const answer = text === "" ? { ...NOTHING, mistakes: await mistakes() } : await ask(request(), text);
    if (asked === version) accept(answer, performance.now() - started);
  }
  checking = false;
};

/** Reads a file: its bytes are checked as they are, then its text is in the editor. */
const read = async (file, bytes) => {
  const asked = version;
  const started = performance.now();
  present("");
  const answer = await ask(request(), bytes);
  if (current !== file) {
    file.state = state(answer.text ?? "");
    return;
  }
  if (answer.text !== undefined) present(answer.text);
  if (answer.file) file.name = name.value = answer.file;
  if (asked === version) accept(answer, performance.now() - started);
  else check();
};

const accept = (answer, took) => {
  if (answer.error) {
    verdict.textContent = `This cannot be checked: ${answer.error}`;
    at("#summary").className = "fails";
    show({ findings: [], counts: {} });
    return;
  }
  current.answer = answer;
  mark(view, answer.findings);
  show(answer);
  summarise(answer, took);
  tell(answer.mistakes);
  drawTabs();
};

const summarise = ({ counts, fixes, fails, documents, kinds }, took) => {
  const total = counts.error + counts.warning + counts.info;
  const isEmpty = view.state.doc.length === 0;
  const found = total === 0 ? "Nothing found" : `${fails ? "Fails" : "Passes"} with ${count(total, "finding")}`;
  verdict.textContent = isEmpty ? "Paste, drop or open a document" : found;
  time.textContent = isEmpty ? "" : `${count(documents, "document")}, ${Math.max(1, Math.round(took))} ms`;
  at("#summary").className = isEmpty ? "empty" : fails ? "fails" : "passes";
  at("#kinds").replaceChildren(...kinds.map(drawKind));
  const [safe, all] = [at("#fix-safe"), at("#fix-all")];
  safe.disabled = fixes.safe === 0;
  safe.textContent = fixes.safe === 0 ? "Fix…" : `Fix ${fixes.safe}…`;
  all.hidden = fixes.unsafe === 0;
  all.textContent = `Fix ${fixes.safe + fixes.unsafe}, unsafe too…`;
};

const drawKind = ({ kind, count: number, needs, unknown }) => {
  const line = make("p", { className: "kind" }, make("code", {}, kind), number > 1 ? ` × ${number}` : "");
  if (needs) {
    const because = make("span", { className: "because" }, needs.because.join(", ") || "the document as a whole");
    line.append(" needs botocore ", make("b", {}, needs.botocore), ` (${needs.date}): `, because);
  }
  if (unknown.length > 0) line.append(" · unknown to every release: ", make("span", { className: "because" }, unknown.join(", ")));
  return line;
};

const tell = (mistakes) => {
  const line = ({ place, message, help }) => make("li", {}, `line ${place.line}: ${message}${help ? `; ${help}` : ""}`);
  at("#mistakes").replaceChildren(...mistakes.map(line));
  settings.setAttribute("aria-invalid", mistakes.length > 0);
  at("#show-settings").classList.toggle("wrong", mistakes.length > 0);
};

// Files

const enter = (file) => {
  if (current) current.state = view.state;
  current = file;
  name.value = file.name;
  version += 1;
};

/** Opens a file with a text, or with bytes that are still to be read. */
const open = async (file, { text, bytes }) => {
  const isReplaced = current && !current.isTouched && (current.isExample || view.state.doc.length === 0);
  if (isReplaced) files.splice(files.indexOf(current), 1);
  files.push(file);
  enter(file);
  drawTabs();
  if (bytes) {
    await read(file, bytes);
  } else {
    present(text);
    await check();
  }
};

const openFiles = async (chosen) => {
  for (const file of chosen) {
    at("#examples").value = "";
    await open({ name: file.name }, { bytes: await file.arrayBuffer() });
  }
};

const switchTo = (file) => {
  enter(file);
  view.setState(file.state);
  drawTabs();
  check();
};

const close = (file) => {
  const index = files.indexOf(file);
  files.splice(index, 1);
  if (file === current) {
    current = undefined;
    switchTo(files[Math.min(index, files.length - 1)]);
  }
  drawTabs();
};

const drawTabs = () => {
  const tabs = files.map((file) => {
    const { counts } = file.answer ?? {};
    const worst = ["error", "warning", "info"].find((level) => counts?.[level] > 0) ?? "none";
    const label = make("button", { type: "button", className: worst }, file.name || "unnamed");
    label.setAttribute("aria-pressed", file === current);
    label.addEventListener("click", () => file === current || switchTo(file));
    const shut = make("button", { type: "button", className: "shut", ariaLabel: `Close ${file.name}` }, "✕");
    shut.addEventListener("click", () => close(file));
    return make("span", { className: "tab" }, label, shut);
  });
  at("#tabs").hidden = files.length < 2;
  at("#tabs").replaceChildren(...tabs);
};

// Fixes

const preview = (title, after, about) => {
  const before = view.state.doc.toString();
  const dialog = at("#preview");
  at("#preview-title").textContent = title;
  at("#preview-about").textContent = about;
  dialog.returnValue = "";
  dialog.showModal();
  const shown = showDifferences(at("#diff"), before, after);
  dialog.addEventListener(
    "close",
    () => {
      shown.destroy();
      if (dialog.returnValue === "apply") apply(before, after);
    },
    { once: true },
  );
};

/** Replaces what differs, so that one step of undo brings it back and the cursor stays where it is. */
const apply = (before, after) => {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const insert = view.state.toText(after.slice(start, after.length - end));
  view.dispatch({ changes: { from: start, to: before.length - end, insert }, userEvent: "input.paste" });
};

const previewOne = (finding) => {
  let text = view.state.doc.toString();
  for (const edit of finding.fix.edits.toSorted((one, other) => other.from - one.from)) {
    text = text.slice(0, edit.from) + edit.text + text.slice(edit.to);
  }
  const isSafe = finding.fix.safety === "safe";
  const about = isSafe ? "It keeps the meaning of the document." : "It chooses one of two possible meanings of the document.";
  preview(`${finding.rule}: ${finding.fix.title.replaceAll("`", "")}`, text, about);
};

const previewAll = async (withUnsafe) => {
  const request = { ask: "fix", file: name.value || "-", settings: settings.value, unsafe: withUnsafe };
  const text = view.state.doc.toString();
  const { text: after, error } = await ask(request, text);
  if (error || after === undefined) return;
  const about = after === text ? "No fix is made: each would cause another finding." : "";
  preview(withUnsafe ? "All fixes, unsafe ones too" : "All safe fixes", after, about);
};

// Rules

const explain = async (rule) => {
  const { page, error } = await ask({ ask: "explain", rule });
  const dialog = at("#rule");
  const article = dialog.querySelector("article");
  // The page is our own: the library made it, and what it quotes is escaped.
  article.innerHTML = page ?? "";
  if (error) article.textContent = error;
  for (const link of article.querySelectorAll("a")) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
  for (const code of article.querySelectorAll("pre")) code.tabIndex = 0;
  dialog.showModal();
  article.scrollTop = 0;
  article.focus();
};

// What people do

setUp({
  select: (finding, focus) => select(view, finding.rule ? placeOf(view, finding) : finding.place, focus),
  preview: previewOne,
  explain,
  textOf: ({ from, to }) => view.state.sliceDoc(from, to),
});

const chooser = at("#chooser");
at("#open").addEventListener("click", () => chooser.click());
chooser.addEventListener("change", () => {
  openFiles([...chooser.files]);
  chooser.value = "";
});
name.addEventListener("input", () => {
  current.name = name.value;
  later(150);
});
at("#fix-safe").addEventListener("click", () => previewAll(false));
at("#fix-all").addEventListener("click", () => previewAll(true));
at("#show-settings").addEventListener("click", ({ currentTarget }) => {
  const panel = at("#settings");
  panel.hidden = !panel.hidden;
  currentTarget.setAttribute("aria-expanded", !panel.hidden);
  if (!panel.hidden) settings.focus();
});
settings.addEventListener("input", () => later(150));
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
at(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  at("#findings").focus();
});

let depth = 0;
const dragging = (by) => (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  depth = by === 0 ? depth : Math.max(0, depth + by);
  at("#drop").hidden = depth === 0;
};
addEventListener("dragenter", dragging(1), true);
addEventListener("dragleave", dragging(-1), true);
addEventListener("dragover", dragging(0), true);
addEventListener(
  "drop",
  (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    event.stopPropagation();
    depth = 0;
    at("#drop").hidden = true;
    openFiles([...event.dataTransfer.files]);
  },
  true,
);
addEventListener("paste", (event) => {
  // Where nothing takes text, what is pasted is a new document.
  const takesText = event.target.closest?.("input, textarea, #editor, dialog");
  const { files: pasted } = event.clipboardData;
  if (pasted.length > 0) {
    event.preventDefault();
    openFiles([...pasted]);
  } else if (!takesText) {
    event.preventDefault();
    open({ name: "pasted.json" }, { text: event.clipboardData.getData("text/plain") });
  }
});

// Examples

const chosen = at("#examples");
chosen.append(make("option", { value: "" }, "Empty"));
for (const [label, group] of Object.entries(globalThis.imagelintExamples)) {
  const options = Object.keys(group).map((path) => make("option", { value: path }, path.replace(/^.*?([^/]+\/)?([^/]+)\.json$/, "$2")));
  chosen.append(make("optgroup", { label }, ...options));
}
const example = (path) => {
  const text = Object.values(globalThis.imagelintExamples).find((group) => path in group)?.[path] ?? "";
  const file = path.split("/").at(-1) || "pasted.json";
  return open({ name: file, isExample: true }, { text });
};
chosen.addEventListener("change", () => example(chosen.value));

const begin = async () => {
  start(globalThis.imagelintEngine);
  delete globalThis.imagelintEngine;
  chosen.value = "corpus/demo/get-image.json";
  const opened = example(chosen.value);
  const { tool } = await ask({ ask: "about" });
  at("#about").textContent = `version ${tool.version}, model ${tool.model}`;
  await opened;
  document.documentElement.dataset.ready = "";
};
if (globalThis.imagelintEngine) begin();
else addEventListener("imagelint-engine", begin, { once: true });

// For tests, and for the curious.
globalThis.imagelintPlayground = {
  open: (file, text) => open({ name: file }, { text }),
  ask,
  get answer() {
    return current?.answer;
  },
  get text() {
    return view.state.doc.toString();
  },
};
