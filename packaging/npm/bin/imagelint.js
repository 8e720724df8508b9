#!/usr/bin/env node
// Runs the program out of the package of this platform, an optional dependency.
"use strict";

const { spawnSync } = require("node:child_process");

const platform = `${process.platform}-${process.arch}`;
const program = process.platform === "win32" ? "imagelint.exe" : "imagelint";
let path;
try {
  path = require.resolve(`@imagelint/${platform}/bin/${program}`);
} catch {
  console.error(
    `imagelint: @imagelint/${platform} is not installed: either there is no program for this platform, or optional ` +
      "dependencies were left out (--omit=optional)",
  );
  process.exit(2);
}
const { status, signal, error } = spawnSync(path, process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`imagelint: ${error.message}`);
}
if (signal) {
  process.kill(process.pid, signal);
}
process.exitCode = status ?? 2;
