// A static folder as a web server gives it out, under a strict Content Security Policy, and a place where pages report.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { text } from "node:stream/consumers";
import { listen } from "../support/services.mjs";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm", ".css": "text/css" };

/** Inline scripts need their hash in the policy; of ours, only an import map is one. */
function hashes(html) {
  return [...html.matchAll(/<script type="importmap">([\s\S]*?)<\/script>/g)].map(([, map]) => ` 'sha256-${createHash("sha256").update(map).digest("base64")}'`).join("");
}

/**
 * Serves `folder`. `report` resolves to what a page posts to /report, and rejects after `timeout`. With `policy: false` pages
 * have no policy, for the sites of tools that bring scripts of their own.
 */
export async function site(t, folder, { policy = true, timeout = 180_000, proxy = {} } = {}) {
  let reported;
  let timer;
  const report = new Promise((resolve, reject) => {
    reported = resolve;
    timer = setTimeout(() => reject(new t.Failure(`no report came within ${timeout / 1000} s`)), timeout);
  });
  report.catch(() => {});
  const asked = [];
  const server = await listen(async (incoming, outgoing) => {
    const { pathname } = new URL(incoming.url, "http://localhost");
    asked.push(pathname);
    const send = (status, body, headers = {}) => { outgoing.writeHead(status, { "cache-control": "no-store", ...headers }); outgoing.end(body); };
    const forward = Object.keys(proxy).find((prefix) => pathname.startsWith(prefix));
    if (forward) {
      const { method, headers: { "content-type": type = "" } } = incoming;
      const body = method === "GET" ? undefined : await text(incoming);
      const answer = await proxy[forward](pathname.slice(forward.length), { method, headers: { "content-type": type }, body });
      return send(answer.status, await answer.text(), { "content-type": "application/json" });
    }
    // Pages that another server gave out report here, too.
    const open = { "access-control-allow-origin": "*" };
    if (pathname === "/report") {
      reported(JSON.parse(await text(incoming)));
      return send(204, undefined, open);
    }
    if (pathname === "/urls.json") return send(200, JSON.stringify(t.urls), { "content-type": TYPES[".json"], ...open });
    const path = normalize(pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    let content;
    try {
      content = readFileSync(join(folder, path));
    } catch {
      return send(404, "");
    }
    const html = extname(path) === ".html";
    const { emulator, hostile, refused } = t.urls;
    return send(200, content, {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      // Cookies know no ports: this one would reach the services, if anything sent it along.
      ...(html && { "set-cookie": "session=secret; SameSite=Lax" }),
      ...(policy && { "content-security-policy":
        `default-src 'none'; img-src 'self'; script-src 'self' 'wasm-unsafe-eval'${html ? hashes(String(content)) : ""}; connect-src 'self' ${emulator} ${hostile} ${refused}` }),
    });
  });
  t.after(server.close);
  t.after(() => clearTimeout(timer));
  return { url: server.url, report, asked };
}

/** Opens a page and gives the results it reports. */
export async function visit(t, browser, { url, report }, page) {
  await browser.open(`${url}/${page}`);
  const { results, error } = await report;
  if (error) throw new t.Failure(`the page said: ${error}`);
  return results;
}
