/** The findings beside the text: those of the levels that are shown. */

import { count, make, marked, visible } from "./make.js";

const LEVELS = ["error", "warning", "info"];
/** So many findings are listed, until more are asked for. */
const STEP = 200;
/** Above this many the list starts with all of them closed. */
const MANY = 30;

const list = document.querySelector("#list");
const levels = document.querySelector(".levels");
const shown = new Set(LEVELS);
let findings = [];
let counts = {};
let listed = STEP;
let actions;

/** `does` says what happens on: select(finding, focus), preview(finding), explain(rule). */
export const setUp = (does) => {
  actions = does;
  for (const level of LEVELS) {
    const button = make("button", { type: "button", value: level });
    button.addEventListener("click", () => {
      if (!shown.delete(level)) shown.add(level);
      listed = STEP;
      draw();
    });
    const item = make("li", { className: "live" }, button);
    item.dataset.level = level;
    levels.append(item);
  }
  document.addEventListener("keydown", onKey);
};

/** Shows the findings of an answer. */
export const show = (answer) => {
  findings = answer.findings;
  counts = answer.counts;
  listed = STEP;
  draw();
};

const draw = () => {
  for (const button of levels.querySelectorAll("button")) {
    const number = counts[button.value] ?? 0;
    const label = make("span", { className: "count" }, make("b", {}, `${number}`), ` ${button.value}${number === 1 ? "" : "s"}`);
    button.replaceChildren(label);
    button.setAttribute("aria-pressed", shown.has(button.value));
  }
  const wanted = findings.filter(({ level }) => shown.has(level));
  const opened = new Set([...list.querySelectorAll(".finding:not([open])")].map(keyOf));
  const many = wanted.length > MANY;
  const isOpen = (finding) => !many && !opened.has(`${finding.rule} ${finding.pointer}`);
  const entries = wanted.slice(0, listed).map((finding) => entry(finding, isOpen(finding)));
  if (wanted.length > listed) {
    const more = make("button", { type: "button", className: "more" }, `Show ${Math.min(STEP, wanted.length - listed)} more`);
    more.addEventListener("click", () => {
      listed += STEP;
      draw();
    });
    entries.push(more);
  }
  const total = LEVELS.reduce((sum, level) => sum + (counts[level] ?? 0), 0);
  if (total > findings.length && wanted.length <= listed) {
    entries.push(make("p", { className: "rest" }, `The first ${findings.length} of ${count(total, "finding")} are listed.`));
  }
  list.replaceChildren(...entries);
};

const keyOf = (element) => `${element.dataset.rule} ${element.dataset.pointer}`;

const line = (what, ...children) => make("p", { className: what }, make("b", {}, what), " ", ...children);

const button = (text, does, properties = {}) => {
  const element = make("button", { type: "button", ...properties }, text);
  element.addEventListener("click", does);
  return element;
};

const entry = (finding, open) => {
  const { level, rule, about, message, place, document: index } = finding;
  const where = make("span", { className: "place" }, `line ${place.line}:${place.column}`);
  if (index > 0) where.append(make("span", { className: "document" }, ` document ${index + 1}`));
  const heading = make(
    "summary",
    {},
    make("span", { className: "level" }, level),
    " ",
    make("span", { className: "message" }, ...marked(message)),
    " ",
    where,
    " ",
    make("code", { className: "rule", title: about.replaceAll("`", "") }, rule),
  );
  const element = make("details", { className: `finding ${level}`, open }, heading, ...details(finding));
  Object.assign(element.dataset, { rule, pointer: finding.pointer, level });
  element.finding = finding;
  heading.addEventListener("click", () => actions.select(finding, false));
  return element;
};

const details = (finding) => {
  const { pointer, embedded, help, labels, fix, why, rule } = finding;
  const parts = [];
  if (pointer || embedded !== null) {
    const at = line("at", make("code", { className: "outer" }, visible(pointer)));
    if (embedded !== null) at.append(" holds JSON, at ", make("code", {}, visible(embedded)), " in it");
    at.className = "pointer";
    parts.push(at);
  }
  for (const label of labels) {
    const jump = button(`line ${label.place.line}`, () => actions.select(label, true), { className: "link" });
    const marking = line("see", jump, " ", ...marked(label.text));
    marking.className = "label";
    parts.push(marking);
  }
  if (help) parts.push(line("help", ...marked(help)));
  if (fix) parts.push(fixed(fix));
  if (why) parts.push(line("why", ...marked(why)));
  const buttons = make("p", { className: "actions" });
  if (fix) buttons.append(button("Preview the fix", () => actions.preview(finding), { className: "main" }), " ");
  buttons.append(button("Edit there", () => actions.select(finding, true)), " ");
  buttons.append(button("About the rule", () => actions.explain(rule), { ariaLabel: `About the rule ${rule}` }));
  parts.push(buttons);
  return parts;
};

const brief = (text) => {
  const short = text.split(/\s+/).join(" ").trim();
  return visible(short.length > 80 ? `${short.slice(0, 80)}…` : short);
};

const fixed = (fix) => {
  const element = make("p", { className: "fix" }, make("b", {}, `${fix.safety} fix`), " ", make("span", {}, ...marked(fix.title)));
  for (const edit of fix.edits) {
    const changes = make("span", { className: "edit" });
    const old = actions.textOf(edit);
    if (old) changes.append(make("del", {}, brief(old)));
    if (edit.text) changes.append(make("ins", {}, brief(edit.text)));
    element.append(changes);
  }
  return element;
};

/** Marks the finding at which the cursor stands. */
export const point = (at) => {
  const elements = [...list.children].filter((element) => element.finding);
  const holds = ({ finding: { place } }) => place.from <= at && at <= place.to;
  const current = elements.filter(holds).sort((a, b) => width(a) - width(b))[0];
  for (const element of list.querySelectorAll(".current")) element.classList.remove("current");
  if (!current) return;
  current.classList.add("current");
  if (!list.contains(document.activeElement)) current.scrollIntoView({ block: "nearest" });
};

const width = ({ finding: { place } }) => place.to - place.from;

const step = (by) => {
  const headings = [...list.querySelectorAll(".finding > summary")];
  const at = headings.indexOf(document.activeElement?.closest?.(".finding")?.querySelector("summary"));
  const next = headings[at === -1 ? 0 : Math.min(Math.max(at + by, 0), headings.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  if (next) actions.select(next.parentElement.finding, false);
};

const onKey = (event) => {
  const typing = event.target.closest?.("input, textarea, select, dialog, #editor");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const finding = document.activeElement?.closest?.(".finding")?.finding;
  const keys = { j: () => step(1), k: () => step(-1) };
  if (finding) {
    keys.e = () => actions.select(finding, true);
    keys["?"] = () => actions.explain(finding.rule);
    if (event.target.matches(".finding > summary")) Object.assign(keys, { ArrowDown: keys.j, ArrowUp: keys.k });
    if (finding.fix) keys.f = () => actions.preview(finding);
  }
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
};
