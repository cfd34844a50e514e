// The service of the measurements over HTTP: a process of its own that answers at once. Ends with its parent.
import { createServer } from "node:http";
import { INGESTED, RECALLED } from "./workload.mjs";

const server = createServer((incoming, outgoing) => {
  const body = incoming.url.endsWith("recall") ? RECALLED : INGESTED;
  incoming.resume().on("end", () => {
    outgoing.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    outgoing.end(body);
  });
});
// Node closes idle connections after five seconds, which a client of many requests meets as a reset.
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
