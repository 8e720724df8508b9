/** The library, which runs in a worker. The worker has the security policy of the page, since it comes from a blob. */

const waiting = new Map();
let worker;
let last = 0;

/** Starts the worker with the library, as `engine.js` holds it. */
export const start = (engine) => {
  const source = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: "text/javascript" }));
  worker = new Worker(source);
  URL.revokeObjectURL(source);
  worker.postMessage({ engine });
  worker.addEventListener("message", ({ data: { id, answer } }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
};

/** The library's answer to a request about the contents of a file: a text, or bytes. */
export const ask = (request, contents) =>
  new Promise((resolve) => {
    last += 1;
    waiting.set(last, resolve);
    worker.postMessage({ id: last, request, contents }, contents instanceof ArrayBuffer ? [contents] : []);
  });
