// Where the program is. Knows nothing of VS Code, so that it can be tried without it.

import * as fs from "node:fs";
import * as path from "node:path";

/** What the search depends on. */
export interface Surroundings {
  /** The setting `imagelint.path`; empty if it is not set. */
  readonly setting: string;
  /** The folders that are open. */
  readonly folders: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** The program: the one that is set, that of a virtual environment of the workspace, or that on the PATH. */
export function findProgram(surroundings: Surroundings): string | undefined {
  const { setting, folders, environment } = surroundings;
  if (setting !== "") {
    const home = environment["HOME"] ?? environment["USERPROFILE"] ?? "";
    const named = setting.replace(/^~(?=$|[\\/])/, home);
    const places = path.isAbsolute(named) ? [named] : folders.map((folder) => path.join(folder, named));
    // Without a folder in it, it may be on the PATH.
    return places.find(isProgram) ?? (path.basename(named) === named ? onPath(named, surroundings) : undefined);
  }
  const active = environment["VIRTUAL_ENV"];
  const environments = folders.flatMap((folder) => [path.join(folder, ".venv"), path.join(folder, "venv")]);
  const inside = [...environments, ...(active === undefined ? [] : [active])].map((folder) => inEnvironment(folder, surroundings));
  return inside.find(isProgram) ?? onPath("imagelint", surroundings);
}

function inEnvironment(folder: string, { platform }: Surroundings): string {
  return platform === "win32" ? path.join(folder, "Scripts", "imagelint.exe") : path.join(folder, "bin", "imagelint");
}

function onPath(name: string, { environment, platform }: Surroundings): string | undefined {
  const file = platform === "win32" && path.extname(name) === "" ? `${name}.exe` : name;
  const folders = (environment["PATH"] ?? environment["Path"] ?? "").split(path.delimiter);
  // A relative folder on the PATH would let a workspace choose the program.
  return folders.filter((folder) => path.isAbsolute(folder)).map((folder) => path.join(folder, file)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
