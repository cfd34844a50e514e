// The reader's choice of light or dark. The page waits for this script, so that it is never painted in other colours first.
try {
  document.documentElement.dataset.theme = localStorage.getItem("claiv-theme") ?? "auto";
} catch {
  // The browser keeps nothing for this page: the system's choice counts.
}
