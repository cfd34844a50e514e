// uPlot asks for the number format of navigator.language when it is loaded. Where the system's language is C, WebKitGTK says "C", for which
// there is none, and nothing of the page would work.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}
