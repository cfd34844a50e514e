// Charts by uPlot. What one shows is told in words beside it: a canvas cannot be read aloud.
import "./language.js";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { html } from "./html.js";

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
  const text = JSON.stringify([x, series]);
  useEffect(() => {
    const axis = () => ({ stroke: colour("--faint"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui" });
    const draw = () => new uPlot({
      width: Math.max(120, box.current.clientWidth),
      height,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: days, ...(bars && x.length < 2 && { range: [(x[0] ?? 0) - 86_400, (x[0] ?? 0) + 86_400] }) }, y: { range: (plot, low, high) => [0, Math.max(1, (high ?? 1) * 1.1)] } },
      axes: [{ ...axis(), show: days, space: 60 }, { ...axis(), size: 46, values: (plot, ticks) => ticks.map((tick) => `${tick}${unit}`) }],
      series: [{}, ...series.map((one) => ({
        stroke: colour(one.colour), fill: bars ? colour(one.colour) : undefined, width: bars ? 0 : 2, spanGaps: true, points: { show: !bars, size: 4, fill: colour(one.colour) },
        ...(bars && { paths: uPlot.paths.bars({ size: [0.7, 40] }) }),
      }))],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    }, [x, ...series.map(({ values }) => values)], box.current);
    let plot = draw();
    const again = () => {
      plot.destroy();
      plot = draw();
    };
    let width = box.current.clientWidth;
    const watch = new ResizeObserver(() => {
      if (box.current && box.current.clientWidth !== width) {
        width = box.current.clientWidth;
        again();
      }
    });
    watch.observe(box.current);
    const colours = new MutationObserver(again);
    colours.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      watch.disconnect();
      colours.disconnect();
      plot.destroy();
    };
  }, [text]);
  return html`<div class="chart" role="img" aria-label=${label} ref=${box} style=${{ height: `${height}px` }}></div>`;
}
