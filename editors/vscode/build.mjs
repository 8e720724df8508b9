// Bundles the extension, and copies what it shares with the program.

import { copyFileSync } from "node:fs";

import { build } from "esbuild";

const root = new URL("../../", import.meta.url);
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) {
  copyFileSync(new URL(licence, root), licence);
}
await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  external: ["vscode"],
});
