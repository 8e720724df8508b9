"use strict";
{
  /** Narrows the list of rules to those that have all words. */
  const main = document.querySelector("main");
  const search = Object.assign(document.createElement("input"), { type: "search", placeholder: "Search the rules" });
  search.setAttribute("aria-label", "Search the rules");
  const status = document.createElement("output");
  const bar = document.createElement("div");
  bar.id = "controls";
  bar.setAttribute("role", "search");
  bar.append(search, status);
  main.querySelector("h1").after(bar);

  const tables = [...main.querySelectorAll("table")].map((table) => ({
    table,
    heading: table.previousElementSibling,
    rows: [...table.tBodies[0].rows].map((row) => ({ row, text: row.textContent.toLowerCase() })),
  }));
  const total = tables.reduce((sum, { rows }) => sum + rows.length, 0);
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { table, heading, rows } of tables) {
      const theme = heading.textContent.toLowerCase();
      const matching = rows.filter(({ row, text }) => {
        row.hidden = !words.every((word) => text.includes(word) || theme.includes(word));
        return !row.hidden;
      });
      table.hidden = heading.hidden = matching.length === 0;
      shown += matching.length;
    }
    status.textContent = `${shown} of ${total} rules`;
    history.replaceState(null, "", search.value ? `#?${encodeURIComponent(search.value)}` : location.pathname);
  };
  search.addEventListener("input", filter);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== search) {
      event.preventDefault();
      search.focus();
    }
  });
  if (location.hash.startsWith("#?")) search.value = decodeURIComponent(location.hash.slice(2));
  filter();
}
