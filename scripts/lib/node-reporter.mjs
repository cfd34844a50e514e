// A reporter of node:test that hands each test on as one line of JSON; see suites/node.mjs.
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    // What tests print, and the stack of a file that failed as a whole.
    if (type === "test:stdout" || type === "test:stderr") yield `${JSON.stringify({ output: data.message })}\n`;
    if (type !== "test:pass" && type !== "test:fail") continue;
    // A describe() does not count as a test, but is reported where it fails by itself, for example in a hook.
    const { type: kind, error } = data.details;
    if (kind === "suite" && (type === "test:pass" || error?.failureType === "subtestsFailed")) continue;
    yield `${JSON.stringify({
      outcome: type === "test:pass" ? "passed" : "failed",
      name: data.name,
      file: data.file,
      skip: data.skip,
      todo: data.todo,
      error: type === "test:fail" ? String(error?.cause?.stack ?? error?.cause ?? error) : undefined,
    })}\n`;
  }
}
