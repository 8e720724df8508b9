import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { test } from "node:test";

import { findProgram } from "../src/program";

function folderWith(...programs: string[]): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "imagelint-"));
  for (const program of programs) {
    const file = path.join(folder, program);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "", { mode: 0o755 });
  }
  return folder;
}

const platform = "linux";

test("the setting comes first, then the workspace's environment, then the PATH", () => {
  const folder = folderWith(".venv/bin/imagelint", "tools/imagelint");
  const bin = folderWith("imagelint", "imagelint-2");
  const environment = { PATH: `.:${bin}` };
  const find = (setting: string, folders = [folder]) => findProgram({ setting, folders, environment, platform });
  assert.equal(find(""), path.join(folder, ".venv/bin/imagelint"));
  assert.equal(find("", []), path.join(bin, "imagelint"));
  assert.equal(find("tools/imagelint"), path.join(folder, "tools/imagelint"));
  assert.equal(find(path.join(bin, "imagelint-2")), path.join(bin, "imagelint-2"));
  assert.equal(find("imagelint-2"), path.join(bin, "imagelint-2"));
  assert.equal(find("nowhere/imagelint"), undefined, "what is set is not replaced by another");
  for (const made of [folder, bin]) fs.rmSync(made, { recursive: true });
});

test("an active environment counts, and a file that cannot be executed does not", () => {
  const active = folderWith("bin/imagelint");
  const environment = { VIRTUAL_ENV: active, PATH: "" };
  assert.equal(findProgram({ setting: "", folders: [], environment, platform }), path.join(active, "bin/imagelint"));
  fs.chmodSync(path.join(active, "bin/imagelint"), 0o644);
  if (process.getuid?.() !== undefined) {
    assert.equal(findProgram({ setting: "", folders: [], environment, platform }), undefined);
  }
  fs.rmSync(active, { recursive: true });
});
