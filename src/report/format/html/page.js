
"use strict";
{
  const LEVELS = ["error", "warning", "info"];
  /** Above this many findings the page starts with all of them closed. */
  const MANY = 200;

  const main = document.querySelector("main");
  const summary = document.querySelector("#summary");
  const skip = document.querySelector(".skip");
  const findings = [...main.querySelectorAll(".finding")].map((element) => {
    const { level, rule, file } = element.dataset;
    const about = element.querySelector(".rule").title;
    return { element, level, rule, file, about, text: element.textContent.toLowerCase(), shown: true };
  });
  const state = { by: "file", levels: new Set(LEVELS), rules: new Set(), text: "" };

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const press = (button, pressed) => button.setAttribute("aria-pressed", pressed);
  const toggle = (set, item) => set.delete(item) || set.add(item);
  const gather = (items, key) => {
    const groups = new Map();
    for (const item of items) {
      const name = item[key];
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(item);
    }
    return groups;
  };

  // Controls

  const search = make("input", { type: "search", placeholder: "Filter by text", ariaLabel: "Filter findings by text" });
  const status = make("output", { ariaLive: "polite" });
  const groupings = ["file", "rule"].map((by) => make("button", { type: "button", value: by }, by));
  const expander = make("button", { type: "button" });
  const reset = make("button", { type: "button", hidden: true }, "Show all");
  const grouping = make("div", { className: "grouping", role: "group", ariaLabel: "Group findings by" }, "Group by");
  grouping.append(...groupings);
  const controls = make("div", { id: "controls", role: "search" }, search, grouping, expander, reset, status);

  const levelButtons = [...summary.querySelectorAll("[data-level]")].map((item) => {
    const button = make("button", { type: "button", value: item.dataset.level }, ...item.childNodes);
    item.classList.add("live");
    item.append(button);
    return button;
  });

  const byCount = ([, one], [, other]) => other.length - one.length;
  const byName = ([one], [other]) => (one < other ? -1 : 1);
  const ruleEntries = [...gather(findings, "rule")].sort(byName).sort(byCount).map(([rule, [{ about }]]) => {
    const bars = make("span", { className: "bars", ariaHidden: "true" });
    const count = make("b");
    const button = make("button", { type: "button", title: about, value: rule }, make("code", {}, rule), count, bars);
    return { rule, bars, count, button, item: make("li", {}, button) };
  });
  const keys = [["/", "filter"], ["j", "next"], ["k", "previous"], ["Enter", "open or close"], ["g", "group"]];
  const legend = make("p", { className: "keys" });
  for (const [key, what] of keys) {
    legend.append(make("kbd", {}, key), ` ${what}  `);
  }
  const list = make("ul", {}, ...ruleEntries.map((entry) => entry.item));
  const wide = matchMedia("(min-width: 64rem)").matches;
  const panel = make("details", { open: wide }, make("summary", {}, "Rules"), list, legend);
  const aside = make("aside", { id: "rules", ariaLabel: "Rules" }, panel);

  // Groups

  const groups = [];
  const group = () => {
    main.className = `by-${state.by}`;
    const entries = [...gather(findings, state.by)];
    if (state.by === "rule") {
      entries.sort(byName).sort(byCount);
    }
    groups.length = 0;
    for (const [name, items] of entries) {
      const tally = make("span", { className: "tally" });
      const about = make("span", { className: "about" }, items[0].about);
      const heading = make("summary", {}, make("h2", {}, name), " ", tally, " ", about);
      const element = make("details", { className: "group", open: true }, heading);
      element.append(...items.map((item) => item.element));
      groups.push({ element, items, tally });
    }
    main.replaceChildren(...groups.map(({ element }) => element));
  };

  // Filters

  const filter = () => {
    const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    const matching = findings.filter(
      (finding) => state.levels.has(finding.level) && words.every((word) => finding.text.includes(word)),
    );
    const perRule = gather(matching, "rule");
    const wanted = new Set(matching.filter(({ rule }) => state.rules.size === 0 || state.rules.has(rule)));
    for (const finding of findings) {
      finding.shown = wanted.has(finding);
      finding.element.hidden = !finding.shown;
    }
    for (const { element, items, tally } of groups) {
      const count = items.filter((item) => item.shown).length;
      element.hidden = count === 0;
      tally.textContent = count === 1 ? "1 finding" : `${count} findings`;
    }
    drawRules(perRule);
    status.textContent = `${wanted.size} of ${findings.length} findings`;
    reset.hidden = matching.length === findings.length && state.rules.size === 0;
    levelButtons.forEach((button) => press(button, state.levels.has(button.value)));
    groupings.forEach((button) => press(button, button.value === state.by));
    remember();
  };

  const drawRules = (perRule) => {
    const most = Math.max(1, ...ruleEntries.map(({ rule }) => perRule.get(rule)?.length ?? 0));
    for (const { rule, bars, count, button, item } of ruleEntries) {
      const items = perRule.get(rule) ?? [];
      const pressed = state.rules.has(rule);
      item.hidden = items.length === 0 && !pressed;
      count.textContent = items.length;
      press(button, pressed);
      const parts = LEVELS.map((level) => {
        const part = make("span", { className: level });
        part.style.width = `${(items.filter((finding) => finding.level === level).length / most) * 100}%`;
        return part;
      });
      bars.replaceChildren(...parts);
    }
  };

  /** The filters stand in the address, so that a view can be shared. */
  const remember = () => {
    const view = new URLSearchParams();
    if (state.by !== "file") view.set("by", state.by);
    if (state.levels.size < LEVELS.length) view.set("levels", [...state.levels].join());
    if (state.rules.size > 0) view.set("rules", [...state.rules].join());
    if (state.text) view.set("text", state.text);
    history.replaceState(null, "", view.size > 0 ? `#${view}` : location.pathname + location.search);
  };
  const recall = () => {
    const view = new URLSearchParams(location.hash.slice(1));
    const listed = (name) => view.get(name)?.split(",").filter(Boolean);
    state.by = view.get("by") === "rule" ? "rule" : "file";
    state.levels = new Set(listed("levels") ?? LEVELS);
    state.rules = new Set(listed("rules") ?? []);
    state.text = search.value = view.get("text") ?? "";
  };

  // Opening and closing

  const isOpen = () => findings.some(({ element }) => element.open);
  const labelExpander = () => (expander.textContent = isOpen() ? "Close all" : "Open all");
  const openAll = (open) => findings.forEach(({ element }) => (element.open = open));

  // Keyboard

  const seek = (text) => {
    state.text = search.value = text;
    filter();
  };
  /** The finding that has the focus keeps it, though it is moved. */
  const regroup = (by) => {
    const focused = main.contains(document.activeElement) ? document.activeElement : null;
    state.by = by;
    group();
    filter();
    focused?.focus({ preventScroll: true });
    focused?.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const shown = [...main.querySelectorAll(".group[open]:not([hidden]) > .finding:not([hidden])")];
    const current = document.activeElement.closest(".finding");
    const at = shown.indexOf(current);
    const next = shown[at === -1 ? 0 : Math.min(Math.max(at + by, 0), shown.length - 1)];
    next?.querySelector("summary").focus();
    next?.querySelector("summary").scrollIntoView({ block: "nearest" });
  };
  const shortcuts = {
    "/": () => search.focus(),
    j: () => step(1),
    k: () => step(-1),
    g: () => regroup(state.by === "file" ? "rule" : "file"),
  };
  const arrows = { ArrowDown: shortcuts.j, ArrowUp: shortcuts.k };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === search) {
      if (event.key === "Escape") seek("");
      if (event.key === "Escape" || event.key === "Enter") step(1);
      return;
    }
    const onFinding = event.target.matches(".finding > summary");
    const action = shortcuts[event.key] ?? (onFinding ? arrows[event.key] : undefined);
    if (action) {
      event.preventDefault();
      action();
    }
  });

  search.addEventListener("input", () => seek(search.value));
  groupings.forEach((button) => button.addEventListener("click", () => regroup(button.value)));
  levelButtons.forEach((button) =>
    button.addEventListener("click", () => {
      toggle(state.levels, button.value);
      filter();
    }),
  );
  ruleEntries.forEach(({ button, rule }) =>
    button.addEventListener("click", () => {
      toggle(state.rules, rule);
      filter();
    }),
  );
  expander.addEventListener("click", () => {
    openAll(!isOpen());
    labelExpander();
  });
  reset.addEventListener("click", () => {
    Object.assign(state, { levels: new Set(LEVELS), rules: new Set() });
    seek("");
    search.focus();
  });
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  addEventListener("hashchange", () => {
    recall();
    group();
    filter();
  });

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...main.querySelectorAll("details:not([open])")];
    closed.forEach((element) => (element.open = true));
  });
  addEventListener("afterprint", () => closed.forEach((element) => (element.open = false)));

  document.querySelector("header").after(summary);
  if (findings.length > 0) {
    document.documentElement.classList.add("live");
    summary.after(controls, aside);
    recall();
    if (findings.length > MANY) openAll(false);
    group();
    filter();
    labelExpander();
  }
}
