const worker = new Worker("worker.mjs", { type: "module" });
worker.onerror = (event) => globalThis.fallen(`the worker: ${event.message ?? "it could not be loaded"}`);
