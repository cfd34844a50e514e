// Charts by uPlot. What one shows is told in words beside it: a canvas cannot be read aloud.
import "./language.js";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { html } from "./html.js";

const DAY = 86_400;

/** A colour of the style sheet as a canvas takes it: of what is light or dark, the one that is shown. */
function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/**
 * @param {{ x: number[], series: { name: string, values: (number | null)[], colour: string }[], label: string, height?: number, days?: boolean, bars?: boolean, unit?: string }} props
 * `x` is counted, or seconds since 1970 with `days`.
 */
export function Chart({ x, series, label, height = 140, days = false, bars = false, unit = "" }) {
  const box = useRef();
  const plot = useRef();
  const data = [x, ...series.map(({ values }) => values)];
  const latest = useRef();
  latest.current = data;
  const names = series.map(({ name, colour: one }) => `${name} ${one}`).join();
  useEffect(() => {
    const axis = () => ({ stroke: colour("--faint"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui" });
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot({
        width: Math.max(120, box.current.clientWidth),
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 8, days ? 0 : 6, 0],
        // A bar is as wide as its day, and the first and the last are not cut in half.
        scales: { x: { time: days, range: (_, low, high) => (bars ? [(low ?? 0) - DAY / 2, (high ?? 0) + DAY / 2] : [low - 0.2, Math.max(high, low + 1) + 0.2]) }, y: { range: (_, low, high) => [0, Math.max(1, (high ?? 1) * 1.1)] } },
        axes: [{ ...axis(), show: days, size: 26, space: 60, values: (_, ticks) => ticks.map((tick) => new Date(tick * 1000).toISOString().slice(5, 10)) }, { ...axis(), size: 52, space: 18, values: (_, ticks) => ticks.map((tick) => `${tick}${unit}`) }],
        series: [{}, ...series.map((one) => ({
          stroke: colour(one.colour), fill: bars ? colour(one.colour) : undefined, width: bars ? 0 : 2, spanGaps: true, points: { show: !bars, size: 4, fill: colour(one.colour) },
          ...(bars && { paths: uPlot.paths.bars({ size: [0.7, 40] }) }),
        }))],
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      }, latest.current, box.current);
    };
    draw();
    let width = box.current.clientWidth;
    const watch = new ResizeObserver(() => {
      if (box.current && box.current.clientWidth !== width) {
        width = box.current.clientWidth;
        draw();
      }
    });
    watch.observe(box.current);
    const colours = new MutationObserver(draw);
    colours.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", draw);
    return () => {
      watch.disconnect();
      colours.disconnect();
      system.removeEventListener("change", draw);
      plot.current.destroy();
      plot.current = undefined;
    };
  }, [names, days, bars, height, unit]);
  useEffect(() => plot.current.setData(latest.current), [JSON.stringify(data)]);
  return html`<div class="chart" role="img" aria-label=${label} ref=${box} style=${{ height: `${height}px` }}></div>`;
}
