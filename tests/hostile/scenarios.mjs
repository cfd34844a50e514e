// What a server, a proxy or a network can do to an answer. Each scenario is a function of an exchange
// {socket, request, server, write}; one with `connected` takes the connection before any request is read.
import { chunk, head, healthy, json, response, rightAnswer } from "./wire.mjs";

const JSON_TYPE = { "content-type": "application/json" };
const text = (request) => JSON.stringify(rightAnswer(request));

/** The first requests get these scenarios, one each; later ones a right answer. */
export function first(...scenarios) {
  const left = [...scenarios];
  return (exchange) => (left.shift() ?? healthy)(exchange);
}

/** This whole response, and the connection stays. */
export const respondsWith = (bytes) => ({ write }) => write(bytes);

// Silence.

/** Accepts the connection and never reads from it. */
export const neverReads = Object.assign(() => {}, {
  connected(socket) {
    // Once the data's reader is there, which sets it flowing.
    setImmediate(() => socket.pause());
  },
});

/** Reads the request and never answers. */
export const neverAnswers = () => {};

/** Half a status line, then silence. */
export const stallsInHead = respondsWith("HTTP/1.1 200 O");

/** Headers, then silence. */
export const stallsAfterHead = respondsWith(head(200, { ...JSON_TYPE, "content-length": 100 }));

/** An error's headers, then silence. */
export const stallsAfterErrorHead = respondsWith(head(500, { ...JSON_TYPE, "content-length": 100 }));

/** Chunks, and then neither another nor the last. */
export const chunksWithoutEnd = ({ request, write }) =>
  write(Buffer.concat([head(200, { ...JSON_TYPE, "transfer-encoding": "chunked" }), Buffer.from(chunk(text(request)))]));

/** More is announced than comes, and the connection stays open. */
export const announcesTooMuch = ({ request, write }) =>
  write(Buffer.concat([head(200, { ...JSON_TYPE, "content-length": 5000 }), Buffer.from(text(request))]));

/** One byte of the body every `ms`, for ever. */
export function drips(ms, status = 200) {
  return ({ socket, write }) => {
    write(head(status, { ...JSON_TYPE, "transfer-encoding": "chunked" }));
    const timer = setInterval(() => write(chunk("{")), ms);
    socket.on("close", () => clearInterval(timer));
  };
}

/** One byte of the head every `ms`, for ever. */
export function dripsHead(ms) {
  return ({ socket, write }) => {
    write("HTTP/1.1 200 OK\r\nx-long: ");
    const timer = setInterval(() => write("a"), ms);
    socket.on("close", () => clearInterval(timer));
  };
}

/** `103 Early Hints`, again and again, and never an answer. */
export function hintsForever({ socket, write }) {
  const timer = setInterval(() => write("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(50)), 1);
  socket.on("close", () => clearInterval(timer));
}

// Endings that come too early.

/** Resets the connection as soon as it is there. */
export const resetsAtOnce = Object.assign(() => {}, {
  connected(socket) {
    socket.resetAndDestroy();
    return true;
  },
});

/** A right answer, of which only the first `bytes` arrive before the connection is reset. */
export function resetsAfter(bytes) {
  return ({ socket, request, write }) => {
    if (bytes > 0) write(json(200, rightAnswer(request)).subarray(0, bytes));
    // A reset overtakes what is still in the peer's buffer: give it time to be read.
    setTimeout(() => socket.resetAndDestroy(), bytes > 0 ? 5 : 0);
  };
}

/** Closes without a word. */
export const closes = ({ socket }) => socket.end();

/** Half the JSON, all of it announced, then the connection closes. */
export const cutsAnnounced = ({ socket, request }) => {
  const whole = json(200, rightAnswer(request));
  socket.end(whole.subarray(0, whole.length - 10));
};

/** Half the JSON, nothing announced: the connection's end is the body's. */
export const cutsUnannounced = ({ socket, request }) =>
  socket.end(Buffer.concat([head(200, { ...JSON_TYPE, connection: "close" }), Buffer.from(text(request).slice(0, -10))]));

/** A chunk, then the connection closes in the middle of the next. */
export const cutsChunked = ({ socket, request }) =>
  socket.end(Buffer.concat([head(200, { ...JSON_TYPE, "transfer-encoding": "chunked" }), Buffer.from(`${chunk(text(request).slice(0, 9))}ff\r\nab`)]));

/** An error's status, then the connection closes in its body. */
export const cutsError = (status) => ({ socket }) => {
  const whole = json(status, { error: { code: "cut", message: "cut", request_id: "req_1" } });
  socket.end(whole.subarray(0, whole.length - 10));
};

/** Keeps the connection for the next request, and closes it when that one arrives on it. */
export function closesWhenReused() {
  const served = new WeakSet();
  return (exchange) => {
    if (served.has(exchange.socket)) return exchange.socket.destroy();
    served.add(exchange.socket);
    return healthy(exchange);
  };
}

// Whole answers that are wrong.

/** Fewer bytes are announced than come. */
export const announcesTooLittle = ({ request, write }) =>
  write(Buffer.concat([head(200, { ...JSON_TYPE, "content-length": 12 }), Buffer.from(text(request))]));

/** Says gzip and is not. */
export const falseGzip = (status) => ({ request, write }) => write(response(status, text(request), { ...JSON_TYPE, "content-encoding": "gzip" }));

/** A status line that is none. */
export const garbage = ({ socket }) => socket.end("\u0000\u0001 what is this?\r\n\r\n");

/** A megabyte of headers. */
export const longHead = ({ request, write }) => write(response(200, text(request), { ...JSON_TYPE, "x-long": "a".repeat(1 << 20) }));

/** HTTP/1.0: no keep-alive, no Content-Length. */
export const http10 = ({ socket, request }) =>
  socket.end(Buffer.concat([head(200, JSON_TYPE, { version: "HTTP/1.0" }), Buffer.from(text(request))]));

/** A body of `bytes` bytes, between `before` and `after`, as fast as the peer reads. */
export function big(status, bytes, before, after) {
  const piece = Buffer.alloc(1 << 20, "a");
  return ({ socket, write }) => {
    write(head(status, { ...JSON_TYPE, "content-length": before.length + bytes + after.length }));
    write(before);
    let left = bytes;
    const more = () => {
      while (left > 0) {
        const size = Math.min(left, piece.length);
        left -= size;
        if (!write(piece.subarray(0, size))) break;
      }
      if (left > 0) socket.once("drain", more);
      else write(after);
    };
    more();
  };
}

/** Sends the caller to another address. */
export const redirects = (status, location) => respondsWith(head(status, { location, "content-length": 0 }));
