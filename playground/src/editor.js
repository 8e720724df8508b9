/** The editors: the document, and the differences that fixes make. */

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { HighlightStyle, bracketMatching, codeFolding, foldGutter, foldKeymap, syntaxHighlighting } from "@codemirror/language";
import { forEachDiagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Longer texts are shown without colours. */
const LONGEST_COLOURED = 20_000_000;

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.string, color: "var(--string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--number)" },
]);

const wave = (colour) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy 1.5px var(${colour})`,
  textUnderlineOffset: "0.22em",
  textDecorationSkipInk: "none",
});
const marker = (colour) => ({
  content: '""',
  width: "0.6em",
  height: "0.6em",
  margin: "0.4em auto 0",
  borderRadius: "50%",
  background: `var(${colour})`,
});

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", background: "var(--card)", fontSize: "0.86rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-gutters": { color: "var(--muted)", background: "var(--card)", border: "none" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-activeLine": { background: "color-mix(in srgb, var(--accent) 6%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--accent) 24%, transparent)",
  },
  ".cm-lintRange-error": wave("--error"),
  ".cm-lintRange-warning": wave("--warning"),
  ".cm-lintRange-info": wave("--info"),
  ".cm-lintRange-active": { background: "color-mix(in srgb, var(--accent) 12%, transparent)" },
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--error)" },
  ".cm-lintPoint-warning:after": { borderBottomColor: "var(--warning)" },
  ".cm-lintPoint-info:after": { borderBottomColor: "var(--info)" },
  ".cm-lint-marker": { width: "100%" },
  ".cm-lint-marker-error": marker("--error"),
  ".cm-lint-marker-warning": marker("--warning"),
  ".cm-lint-marker-info": marker("--info"),
  ".cm-tooltip, .cm-panels": { color: "var(--text)", background: "var(--inset)", borderColor: "var(--line)" },
  ".cm-tooltip": { border: "1px solid var(--line)", borderRadius: "0.4rem", maxWidth: "min(40rem, 90vw)" },
  ".cm-diagnostic": { padding: "0.4rem 0.7rem", whiteSpace: "normal" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--error)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--warning)" },
  ".cm-diagnostic-info": { borderLeft: "4px solid var(--info)" },
  ".cm-diagnosticSource": { color: "var(--muted)", fontSize: "0.85em", opacity: 1 },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { background: "var(--card)" },
  ".cm-textfield, .cm-button": { color: "inherit", background: "var(--card)", border: "1px solid var(--line)", borderRadius: "0.3rem" },
  ".cm-button:active": { background: "var(--inset)" },
  ".cm-foldPlaceholder": { color: "var(--muted)", background: "var(--inset)", borderColor: "var(--line)" },
  ".cm-searchMatch": { background: "color-mix(in srgb, var(--warning) 30%, transparent)" },
  ".cm-selectionMatch": { background: "color-mix(in srgb, var(--accent) 14%, transparent)" },
  ".cm-changedLine, .cm-insertedLine": { background: "color-mix(in srgb, var(--added) 60%, transparent) !important" },
  ".cm-deletedChunk": { background: "color-mix(in srgb, var(--removed) 60%, transparent) !important" },
  ".cm-changedLine .cm-changedText, .cm-insertedLine .cm-changedText": {
    background: "color-mix(in srgb, var(--string) 28%, transparent) !important",
  },
  ".cm-deletedChunk .cm-deletedText": { background: "color-mix(in srgb, var(--error) 28%, transparent) !important" },
  ".cm-collapsedLines": { color: "var(--muted)", background: "var(--inset)" },
  ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: '"⋯"' },
});

/** What both editors have. A line ends in a line feed: with what stands before it offsets stay those of the library. */
const common = [
  EditorState.lineSeparator.of("\n"),
  EditorState.tabSize.of(4),
  highlightSpecialChars({
    specialChars: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202d\u202e\u2066\u2067\u2069\ufeff\ufff9-\ufffc]/g,
  }),
  theme,
];

/** A shadow tree takes style sheets that are made by scripts; the policy of the page forbids style elements. */
const shadow = (host) => host.shadowRoot ?? host.attachShadow({ mode: "open" });

/** The editor of the document. `listener` is told of every update. */
export const createEditor = (host, listener) => {
  const state = (text) =>
    EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        foldGutter(),
        codeFolding(),
        history(),
        drawSelection(),
        bracketMatching(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        search({ top: true }),
        keymap.of([...lintKeymap, ...searchKeymap, ...defaultKeymap, ...historyKeymap, ...foldKeymap]),
        EditorView.contentAttributes.of({ "aria-label": "Document, as text", tabindex: "0" }),
        EditorView.updateListener.of(listener),
        common,
        text.length > LONGEST_COLOURED ? [] : [json(), syntaxHighlighting(colours)],
      ],
    });
  const root = shadow(host);
  const view = new EditorView({ state: state(""), parent: root, root });
  return { view, state };
};

/** Marks findings in the text. */
export const mark = (view, findings) => {
  const end = view.state.doc.length;
  const diagnostics = findings.map((finding) => ({
    from: Math.min(finding.place.from, end),
    to: Math.min(finding.place.to, end),
    severity: finding.level,
    source: finding.rule,
    message: finding.message,
    finding,
  }));
  view.dispatch(setDiagnostics(view.state, diagnostics));
};

/** Where a finding is now, after what was typed since. */
export const placeOf = (view, finding) => {
  let place = null;
  forEachDiagnostic(view.state, (diagnostic, from, to) => {
    if (diagnostic.finding === finding) place = { from, to };
  });
  return place ?? finding.place;
};

/** Selects a place in the text and shows it. */
export const select = (view, { from, to }, focus) => {
  const end = view.state.doc.length;
  const [anchor, head] = [Math.min(from, end), Math.min(to, end)];
  view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
  if (focus) view.focus();
};

/** The differences between two texts, to be read. */
export const showDifferences = (host, before, after) => {
  const root = shadow(host);
  root.replaceChildren();
  const extensions = [
    lineNumbers(),
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ "aria-label": "The text with what changes", tabindex: "0" }),
    unifiedMergeView({
      original: EditorState.create({ doc: before, extensions: EditorState.lineSeparator.of("\n") }).doc,
      mergeControls: false,
      collapseUnchanged: { margin: 2, minSize: 4 },
      diffConfig: { scanLimit: 1000, timeout: 1000 },
    }),
    common,
  ];
  return new EditorView({ state: EditorState.create({ doc: after, extensions }), parent: root, root });
};
