#!/usr/bin/env node
// Takes the pictures of docs/inspector/: each view in Chromium, wide and narrow, light and dark.  node scripts/screenshots.mjs [folder]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmulator } from "../demo/emulator.mjs";
import { openBrowser } from "../tests/inspector/browser.mjs";
import { at, main } from "./lib/project.mjs";
import { fill } from "../tests/inspector/story.mjs";

const TASK = "What do I need to know before I see a doctor with Ida?";
const SIZES = { wide: [1600, 1000], narrow: [360, 800] };

await main(async () => {
  const folder = process.argv[2] ?? at("docs/inspector");
  mkdirSync(folder, { recursive: true });
  const emulator = await startEmulator(at("pkg"));
  const browser = await openBrowser("Chromium");
  try {
    await fill(emulator.url);
    for (const [size, [width, height]] of Object.entries(SIZES)) {
      for (const theme of ["light", "dark"]) {
        await browser.resize(width, height);
        await browser.open(`${emulator.url}/_claiv/`);
        await browser.value(`(localStorage.setItem("claiv-theme", ${JSON.stringify(theme)}), true)`);
        await browser.open(`${emulator.url}/_claiv/?${theme}-${size}`);
        const shot = async (name) => {
          await sleep(400);
          writeFileSync(join(folder, `${name}-${size}-${theme}.png`), await browser.screenshot());
        };
        const view = (name) => browser.value(`(location.hash = "#${name}/mara", true)`);
        await view("timeline");
        await browser.has(".row .content");
        await browser.click(".row");
        await browser.has(".details dl");
        await shot("timeline");
        await view("recall");
        await browser.type(".task input", TASK);
        await browser.type("input[type=range]", "450");
        await browser.has(".block mark");
        await browser.has(".times canvas");
        await shot("recall");
        await browser.click(".segments input[value=all]");
        await browser.has("article[aria-label=V6] .block");
        await shot("versions");
        await view("prompt");
        await browser.has(".prompt-text", "Memories");
        await shot("prompt");
        await view("live");
        await browser.has(".call");
        await browser.click(".call summary", "attempts");
        await shot("live");
        await view("usage");
        await browser.has(".meter");
        await browser.has(".chart canvas");
        await shot("usage");
        await view("tools");
        await browser.has(".cards");
        await shot("tools");
      }
    }
  } finally {
    await browser.close();
    await emulator.stop();
  }
});
