/** Runs the library, so that the page stays usable while a large file is checked. */

/** More than this is not unpacked: the library takes no larger document. */
const LARGEST = 256 * 1024 * 1024;

let module;
let engine;
let ready;

const start = async (packed) => {
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  module = await WebAssembly.compile(await unpacked(bytes));
  engine = (await WebAssembly.instantiate(module)).exports;
};

const unpacked = async (bytes) => {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const chunks = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    size += next.value.length;
    if (size > LARGEST) throw new Error("unpacked, the file is larger than 256 MiB");
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
};

/** Asks the library: a request, and the contents of a file. */
const ask = (request, contents) => {
  const head = new TextEncoder().encode(`${JSON.stringify(request)}\n`);
  const place = engine.room(head.length + contents.length);
  const memory = new Uint8Array(engine.memory.buffer, place);
  memory.set(head);
  memory.set(contents, head.length);
  const length = engine.call();
  const answer = new Uint8Array(engine.memory.buffer, engine.answered(), length);
  return JSON.parse(new TextDecoder().decode(answer));
};

const isPacked = (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b;

const answer = async ({ request, contents }) => {
  await ready;
  if (typeof contents === "string") {
    return ask(request, new TextEncoder().encode(contents));
  }
  let bytes = new Uint8Array(contents ?? 0);
  if (isPacked(bytes)) {
    bytes = await unpacked(bytes);
    request.file = request.file.replace(/\.gz$/, "");
  }
  const answer = ask(request, bytes);
  answer.file = request.file;
  // The library tells the text only where it is not what the bytes say.
  answer.text ??= new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return answer;
};

addEventListener("message", async ({ data }) => {
  if (data.engine) {
    ready = start(data.engine);
    return;
  }
  try {
    postMessage({ id: data.id, answer: await answer(data) });
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      engine = (await WebAssembly.instantiate(module)).exports;
    }
    postMessage({ id: data.id, answer: { error: error.message } });
  }
});
