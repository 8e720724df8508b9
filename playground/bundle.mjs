// Makes the page: bundle.mjs [--site] WASM FOLDER. With --site, the site is around it. The library goes into a script, packed: so the page fetches nothing.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const isSite = process.argv.includes("--site");
const [wasm, folder] = process.argv.slice(2).filter((argument) => argument !== "--site");
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const usual = { bundle: true, minify: true, format: "iife", target: "es2023", legalComments: "none", charset: "utf8" };
const written = async (options) => (await build({ ...usual, ...options, write: false })).outputFiles[0].text;

/** Faults worth seeing: a few files of the corpus, beside the demo. */
const FAULTY = [
  "corpus/demo/get-image.json",
  "corpus/invalid/sdk-dump/go.json",
  "corpus/invalid/syntax/python-repr.json",
  "corpus/invalid/syntax/comment.json",
  "corpus/invalid/secret-stored/dockerfile.json",
  "corpus/invalid/enum-value/in-har.json",
];
const clean = readdirSync(join(root, "corpus/valid/base")).map((file) => `corpus/valid/base/${file}`);
const texts = (paths) => Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
const examples = { "With faults": texts(FAULTY), "As they should be": texts(clean) };

mkdirSync(folder, { recursive: true });
const put = (file, text) => writeFileSync(join(folder, file), text);
const worker = await written({ entryPoints: [join(here, "src/worker.js")] });
put("page.js", await written({ entryPoints: [join(here, "src/main.js")], define: { WORKER_SOURCE: JSON.stringify(worker) } }));
put("page.css", await written({ entryPoints: [join(here, "src/page.css")] }));
put("examples.js", `globalThis.imagelintExamples=${JSON.stringify(examples)};\n`);
const packed = gzipSync(readFileSync(wasm), { level: 9 }).toString("base64");
put("engine.js", `globalThis.imagelintEngine="${packed}";dispatchEvent(new Event("imagelint-engine"));\n`);
const page = readFileSync(join(here, "src/index.html"), "utf8");
const repository = "https://github.com/imagelint/imagelint/blob/main";
const alone = page
  .replace("../index.html", `${repository}/README.md`)
  .replace("../rules/index.html", `${repository}/docs/rules/README.md`)
  .replace("../docs/settings.html", `${repository}/docs/settings.md`);
put("index.html", isSite ? page : alone);

const sizes = readdirSync(folder).map((file) => [file, gzipSync(readFileSync(join(folder, file)), { level: 9 }).length]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
console.log(`playground: ${sizes.map(([file, size]) => `${file} ${size}`).join(", ")}; ${total} bytes compressed`);
