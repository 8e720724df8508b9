// Tries the site and its playground in a headless browser: test.mjs SITE PROGRAM. IMAGELINT_BROWSER names the browser. Pictures of the
// page are left beside the site. What the library answers must be what the program reports.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const [site, program] = process.argv.slice(2);
const folder = join(site, "playground");
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const pictures = join(site, "..", "site-pictures");
mkdirSync(pictures, { recursive: true });

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const asked = [];
const server = createServer((request, response) => {
  const path = request.url.split("?")[0].replace(/\/$/, "/index.html");
  asked.push(path);
  const type = TYPES[extname(path)];
  response.writeHead(type ? 200 : 404, { "content-type": type ?? "text/plain" });
  response.end(type && readFileSync(join(site, path)));
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${server.address().port}`;
const address = `${origin}/playground/`;

const browser = await chromium.launch({ executablePath: process.env.IMAGELINT_BROWSER, args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
// The machine may be busy.
context.setDefaultTimeout(120_000);
const complaints = [];
const requests = [];
context.on("request", (request) => requests.push(request.url()));
const listen = (page) => {
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  return page;
};
const violations = (page) =>
  page.evaluate(async () => {
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => [id, nodes.length, nodes[0].html.slice(0, 200), nodes[0].failureSummary]);
  });
const LOOKS = [["light", 1400], ["dark", 1400], ["light", 390], ["dark", 390]];

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wrong = [];
{
  const plain = await browser.newPage();
  const looks = [
    ["index.html", "light", 1400],
    ["rules/index.html", "dark", 1400],
    ["rules/enum-value.html", "light", 390],
    ["docs/settings.html", "dark", 390],
  ];
  for (const [path, colorScheme, width] of looks) {
    await plain.emulateMedia({ colorScheme });
    await plain.setViewportSize({ width, height: 900 });
    await plain.goto(`${origin}/${path}`);
    await plain.evaluate(`${axe}; 0`);
    wrong.push(...(await violations(plain)).map((violation) => [path, colorScheme, width, ...violation]));
    await plain.screenshot({ path: join(pictures, `${path.replaceAll("/", "-")}.png`) });
  }
  await plain.goto(`${origin}/rules/index.html`);
  await plain.keyboard.press("/");
  await plain.keyboard.type("host group");
  const shown = await plain.$$eval("tbody tr:not([hidden]) td:first-child", (cells) => cells.map((cell) => cell.textContent));
  if (!shown.includes("placement-exclusive") || shown.length > 20) wrong.push(["the search of rules", ...shown]);
  await plain.close();
}

asked.length = 0;
const page = listen(await context.newPage());
await page.goto(address);
await page.waitForSelector("html[data-ready]", { timeout: 120_000 });
const loaded = [...requests];
// From here on there is nobody to be asked.
server.closeAllConnections();
await new Promise((closed) => server.close(closed));

test("axe finds no violation in the site, and rules can be searched", () => assert.deepEqual(wrong, []));

const example = async (path) => {
  const label = await page.evaluate((path) => {
    globalThis.before = imagelintPlayground.answer;
    const select = document.querySelector("#examples");
    select.value = path;
    select.dispatchEvent(new Event("change"));
    return select.value;
  }, path);
  assert.equal(label, path);
  await page.waitForFunction(() => imagelintPlayground.answer && imagelintPlayground.answer !== globalThis.before);
  return page.evaluate(() => imagelintPlayground.answer);
};

/** The findings of the program, with offsets in units of UTF-16, in the form of the page's answers. */
const reported = (path) => {
  const run = spawnSync(program, ["--isolated", "--format", "json", path], { cwd: root, maxBuffer: 1 << 28 });
  const bytes = readFileSync(join(root, path));
  const offset = (at) => bytes.subarray(0, at).toString().length;
  const place = ({ start, end }) => ({
    from: offset(start.offset),
    to: offset(end.offset),
    line: start.line,
    column: start.column,
  });
  return JSON.parse(run.stdout).findings.map((finding) => ({
    rule: finding.rule,
    level: finding.severity,
    message: finding.message,
    help: finding.help,
    source: finding.source,
    pointer: finding.pointer,
    embedded: finding.embeddedPointer,
    document: finding.document,
    place: place(finding.range),
    labels: finding.labels.map(({ range, pointer, message }) => ({ place: place(range), pointer, text: message })),
    fix: finding.fix && {
      safety: finding.fix.safety,
      title: finding.fix.title,
      edits: finding.fix.edits.map(({ range, text }) => ({ from: offset(range.start.offset), to: offset(range.end.offset), text })),
    },
  }));
};
const answered = ({ findings }) => findings.map(({ about, why, ...finding }) => finding);

test("every example has the findings that the program reports", async () => {
  const paths = await page.$$eval("#examples option", (options) => options.map(({ value }) => value).filter(Boolean));
  assert.ok(paths.length > 70, `${paths.length} examples`);
  let total = 0;
  for (const path of paths) {
    const answer = await example(path);
    const expected = reported(path);
    assert.deepEqual(answered(answer), expected, path);
    const { error, warning, info } = answer.counts;
    assert.equal(error + warning + info, expected.length, path);
    assert.equal(await page.locator("#list .finding").count(), expected.length, path);
    total += expected.length;
  }
  assert.ok(total > 10, `${total} findings`);
});

test("so has every fixture of some rules, in bytes as they are", async () => {
  const rules = ["encoding", "secret-stored", "sdk-dump", "policy-json"];
  for (const rule of rules) {
    const files = readdirSync(join(root, "corpus/invalid", rule)).filter((file) => file.endsWith(".json"));
    for (const path of files.map((file) => `corpus/invalid/${rule}/${file}`)) {
      const bytes = readFileSync(join(root, path));
      // Offsets of what is not UTF-8 are those of the decoded text.
      if (bytes[0] >= 0xef || bytes.includes(0)) continue;
      const answer = await page.evaluate(
        async ([file, bytes]) => imagelintPlayground.ask({ ask: "lint", file, settings: "" }, Uint8Array.from(bytes).buffer),
        [path, [...bytes]],
      );
      if (answer.text === bytes.toString()) assert.deepEqual(answered(answer), reported(path), path);
      else assert.equal(answer.findings.length, reported(path).length, path);
    }
  }
});

test("what is pasted is checked within a tenth of a second", async () => {
  const text = readFileSync(join(root, "corpus/demo/get-image.json"), "utf8");
  const times = [];
  for (let round = 0; round < 5; round += 1) {
    await page.evaluate(() => imagelintPlayground.open("empty.json", ""));
    await page.waitForFunction(() => document.querySelectorAll("#list .finding").length === 0);
    const took = await page.evaluate(async (text) => {
      const shown = new Promise((resolve) =>
        new MutationObserver((_, observer) => {
          if (!document.querySelector("#list .finding")) return;
          observer.disconnect();
          resolve();
        }).observe(document.querySelector("#list"), { childList: true }),
      );
      const data = new DataTransfer();
      data.setData("text/plain", text);
      const content = document.querySelector("#editor").shadowRoot.querySelector(".cm-content");
      content.focus();
      const started = performance.now();
      content.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true, composed: true }));
      await shown;
      return performance.now() - started;
    }, text);
    times.push(Math.round(took));
  }
  console.log(`from a paste to its findings: ${times.join(", ")} ms`);
  // The page that is built fast runs slowly, and the machine may be busy.
  assert.ok(Math.min(...times) < 2000, `${times}`);
});

test("fixes are previewed, applied and taken back", async () => {
  await example("");
  await example("corpus/demo/get-image.json");
  const before = await page.evaluate(() => imagelintPlayground.text);
  const number = () => page.evaluate(() => imagelintPlayground.answer.findings.length);
  const found = await number();
  await page.locator(".finding[data-rule=member-name-case] button", { hasText: "Preview the fix" }).click();
  await page.screenshot({ path: join(pictures, "preview.png") });
  await page.locator("#preview button", { hasText: "Apply" }).click();
  await page.waitForFunction((found) => imagelintPlayground.answer.findings.length === found - 1, found);
  await page.locator("#fix-all").click();
  await page.locator("#preview button", { hasText: "Apply" }).click();
  await page.waitForFunction((found) => imagelintPlayground.answer.findings.length === found - 3, found);
  const after = await page.evaluate(() => imagelintPlayground.text);
  const fixed = spawnSync(program, ["--isolated", "--fix", "--unsafe-fixes", "-"], { input: before }).stdout.toString();
  assert.equal(after, fixed, "the same as the program's");
  await page.locator("#editor .cm-content").click();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.waitForFunction((before) => imagelintPlayground.text === before, before);
  await page.waitForFunction((found) => imagelintPlayground.answer.findings.length === found, found);
});

test("settings count, and what is wrong with them is said", async () => {
  await example("corpus/demo/get-image.json");
  const rules = () => page.evaluate(() => imagelintPlayground.answer.findings.map(({ rule }) => rule));
  assert.ok((await rules()).includes("enum-value"));
  await page.locator("#show-settings").click();
  await page.locator("#settings-text").fill('levels = { enum-value = "off" }');
  await page.waitForFunction(() => !imagelintPlayground.answer.findings.some(({ rule }) => rule === "enum-value"));
  await page.locator("#settings-text").fill("pedantik = true");
  await page.waitForFunction(() => document.querySelector("#mistakes").textContent.includes("did you mean `pedantic`?"));
  await page.screenshot({ path: join(pictures, "settings.png") });
  await page.locator("#settings-text").fill("");
  await page.waitForFunction(() => document.querySelector("#mistakes").childElementCount === 0);
  await page.locator("#show-settings").click();
});

test("gzip, UTF-16, CRLF and JSON Lines are read from files; several files are tabs", async () => {
  const demo = readFileSync(join(root, "corpus/demo/get-image.json"), "utf8");
  const line = JSON.stringify(JSON.parse(demo));
  const files = [
    { name: "packed.json.gz", mimeType: "application/gzip", buffer: gzipSync(demo) },
    { name: "wide.json", mimeType: "application/json", buffer: Buffer.from(`\ufeff${demo}`, "utf16le") },
    { name: "windows.json", mimeType: "application/json", buffer: Buffer.from(demo.replaceAll("\n", "\r\n")) },
    { name: "many.jsonl", mimeType: "application/json", buffer: Buffer.from(`${line}\n${line}\n`) },
  ];
  await page.locator("#chooser").setInputFiles(files);
  await page.waitForFunction(() => document.querySelectorAll(".tab").length >= 4 && imagelintPlayground.answer?.documents === 2);
  await page.screenshot({ path: join(pictures, "tabs.png") });
  const tabs = await page.$$eval(".tab button[aria-pressed]", (tabs) => tabs.map(({ textContent }) => textContent));
  for (const name of ["packed.json", "wide.json", "windows.json"]) {
    await page.locator(".tab button[aria-pressed]", { hasText: name }).first().click();
    await page.waitForFunction((name) => document.querySelector("#name").value === name, name);
    await page.waitForFunction(() => imagelintPlayground.answer.findings.some(({ rule }) => rule === "placement-exclusive"));
    const marked = await page.evaluate(() => {
      const { findings } = imagelintPlayground.answer;
      return findings.filter(({ rule }) => rule === "enum-value").map(({ place }) => imagelintPlayground.text.slice(place.from, place.to));
    });
    assert.deepEqual(marked, ['"linux"'], `${name} of ${tabs}`);
  }
  while ((await page.locator(".tab .shut").count()) > 1) await page.locator(".tab .shut").first().click();
});

test("ten megabytes stay usable", async () => {
  const line = JSON.stringify(JSON.parse(readFileSync(join(root, "corpus/demo/get-image.json"), "utf8")));
  const lines = `${line}\n`.repeat(Math.ceil(10_000_000 / line.length));
  const large = join(pictures, "large.jsonl");
  writeFileSync(large, lines);
  const started = Date.now();
  await page.evaluate(() => {
    globalThis.longest = 0;
    globalThis.beat = performance.now();
    globalThis.beating = setInterval(() => {
      globalThis.longest = Math.max(globalThis.longest, performance.now() - globalThis.beat);
      globalThis.beat = performance.now();
    }, 10);
  });
  await page.locator("#chooser").setInputFiles(large);
  await page.waitForFunction(() => imagelintPlayground.answer?.documents > 1000, null, { timeout: 300_000 });
  rmSync(large);
  const longest = await page.evaluate(() => (clearInterval(globalThis.beating), Math.round(globalThis.longest)));
  console.log(`10 MB: ${Date.now() - started} ms; the page stood still for at most ${longest} ms`);
  await page.screenshot({ path: join(pictures, "large.png") });
  assert.ok(longest < 10_000, `${longest} ms`);
  await page.evaluate(() => imagelintPlayground.open("empty.json", ""));
  await page.locator(".tab .shut").first().click();
});

test("keys move between findings, and everything has its name", async () => {
  await example("corpus/demo/get-image.json");
  await page.locator("#findings").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const focused = () => page.evaluate(() => document.activeElement.closest(".finding")?.dataset.rule ?? null);
  assert.equal(await focused(), "enum-value");
  await page.keyboard.press("?");
  await page.waitForSelector("#rule[open] h1");
  assert.equal(await page.locator("#rule h1").textContent(), "enum-value");
  await page.screenshot({ path: join(pictures, "rule.png") });
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "enum-value", "the focus comes back");
  await page.keyboard.press("e");
  const selected = await page.evaluate(() => document.querySelector("#editor").shadowRoot.activeElement?.className ?? "");
  assert.match(selected, /cm-content/);
});

test("axe finds no violation: light, dark and narrow", async () => {
  await example("corpus/demo/get-image.json");
  await page.evaluate(`${axe}; 0`);
  for (const [colorScheme, width] of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(pictures, `${colorScheme}-${width}.png`), fullPage: width < 600 });
    assert.deepEqual(await violations(page), [], `${colorScheme}, ${width} wide`);
    const sticksOut = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(sticksOut, false, `${width} wide`);
    await page.locator(".finding[data-rule=member-name-case] button", { hasText: "Preview the fix" }).click();
    assert.deepEqual(await violations(page), [], `the preview, ${colorScheme}, ${width} wide`);
    await page.keyboard.press("Escape");
    await page.locator(".finding[data-rule=member-name-case] button", { hasText: "About the rule" }).click();
    await page.waitForSelector("#rule[open] h1");
    assert.deepEqual(await violations(page), [], `the page of a rule, ${colorScheme}, ${width} wide`);
    await page.keyboard.press("Escape");
  }
});

test("no request leaves, and the policy would not let one", async () => {
  assert.deepEqual(requests.filter((url) => !url.startsWith("blob:")), loaded.filter((url) => !url.startsWith("blob:")));
  assert.ok(requests.every((url) => url.startsWith(address) || url.startsWith("blob:")), `${requests}`);
  assert.deepEqual(asked.sort(), ["engine.js", "examples.js", "index.html", "page.css", "page.js"].map((file) => `/playground/${file}`));
  assert.deepEqual(complaints, []);
  const refused = await page.evaluate(() => fetch("/index.html").then(() => false, () => true));
  assert.ok(refused);
  const inWorker = await page.evaluate(
    (address) =>
      new Promise((resolve) => {
        // Nobody is there to answer: that it fails says nothing yet.
        const source = `fetch(${JSON.stringify(address)}).catch(() => setTimeout(() => postMessage("tried"), 5000));
          addEventListener("securitypolicyviolation", ({ violatedDirective }) => postMessage(violatedDirective));`;
        new Worker(URL.createObjectURL(new Blob([source]))).onmessage = ({ data }) => resolve(data);
      }),
    address,
  );
  assert.equal(inWorker, "connect-src");
});

test("the page works from a folder, too", async () => {
  const local = listen(await context.newPage());
  await local.goto(`${pathToFileURL(folder)}/index.html`);
  await local.waitForSelector("html[data-ready]", { timeout: 120_000 });
  assert.ok((await local.locator("#list .finding").count()) > 0);
});

after(() => browser.close());
