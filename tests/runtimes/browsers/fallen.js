// Reports uncaught errors of a page to the test, which would otherwise wait for its time limit.
globalThis.fallen = (error) => fetch("/report", { method: "POST", body: JSON.stringify({ error: String(error) }) });
addEventListener("error", (event) => globalThis.fallen(event.message ?? `${event.target?.src} could not be loaded`), true);
addEventListener("unhandledrejection", (event) => globalThis.fallen(event.reason?.stack ?? event.reason));
addEventListener("securitypolicyviolation", (event) => globalThis.fallen(`blocked by the policy: ${event.violatedDirective}: ${event.blockedURI}`));
