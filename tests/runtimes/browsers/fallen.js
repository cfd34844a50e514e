// A page that falls over says so, or the test would wait for it in vain.
globalThis.fallen = (error) => fetch("/report", { method: "POST", body: JSON.stringify({ error: String(error) }) });
addEventListener("error", (event) => globalThis.fallen(event.message ?? `${event.target?.src} could not be loaded`), true);
addEventListener("unhandledrejection", (event) => globalThis.fallen(event.reason?.stack ?? event.reason));
addEventListener("securitypolicyviolation", (event) => globalThis.fallen(`blocked by the policy: ${event.violatedDirective}: ${event.blockedURI}`));
