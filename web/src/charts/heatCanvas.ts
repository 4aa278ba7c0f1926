/** Paints rows of the heat map: eight classes, hatch for too few rows, nothing where there is no data. */

import type { Level } from "../graphql/graphql";

import { cellClass } from "./heatClass";

export type HeatColours = { classes: string[]; hatch: string };
export type HeatRow = { values: readonly (number | null)[]; levels: readonly Level[]; chance: number | null };
export type Edges = { left: number; right: number };

export function readColours(root: Element = document.documentElement): HeatColours {
  const style = getComputedStyle(root);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    classes: Array.from({ length: 8 }, (_, index) => read(`--heat-${String(index)}`)),
    hatch: read("--c-hatch"),
  };
}

/** The stretch of time that one window stands for on the chart: up to its end, from the window before or one step. */
export function edgesOf(times: readonly number[], scale: (time: number) => number): Edges[] {
  const step = usualStep(times);
  return times.map((time, index) => {
    const before = index > 0 ? times[index - 1] : time - step;
    return { left: scale(time - before <= step * 1.6 ? before : time - step), right: scale(time) };
  });
}

/** The median distance between two windows. */
export function usualStep(times: readonly number[]): number {
  const steps = times
    .slice(1)
    .map((time, index) => time - times[index])
    .sort((a, b) => a - b);
  return steps[steps.length >> 1] ?? 3_600_000;
}

type Painting = {
  canvas: HTMLCanvasElement;
  rows: readonly HeatRow[];
  edges: readonly Edges[];
  breaks: readonly number[];
  colours: HeatColours;
  width: number;
  rowHeight: number;
};

export function paintHeat({ canvas, rows, edges, breaks, colours, width, rowHeight }: Painting): void {
  const ratio = window.devicePixelRatio || 1;
  const height = rows.length * rowHeight;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const paint = canvas.getContext("2d");
  if (!paint) return;
  const hatch = hatchOf(paint, colours.hatch, ratio);
  rows.forEach((row, place) => {
    const top = Math.round((place * rowHeight + 1) * ratio);
    const tall = Math.round((rowHeight - 2) * ratio);
    edges.forEach(({ left, right }, index) => {
      const x = Math.round(left * ratio);
      const wide = Math.max(1, Math.round(right * ratio) - x);
      const value = row.values[index];
      const level = row.levels[index];
      if (level === "INSUFFICIENT_DATA") paint.fillStyle = hatch;
      else if (value === null || value === undefined || level === "NO_DATA") return;
      else paint.fillStyle = colours.classes[cellClass(value, level, row.chance, breaks)];
      paint.fillRect(x, top, wide, tall);
    });
  });
}

function hatchOf(paint: CanvasRenderingContext2D, colour: string, ratio: number): CanvasPattern | string {
  const size = Math.round(6 * ratio);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const pen = tile.getContext("2d");
  if (!pen) return colour;
  pen.strokeStyle = colour;
  pen.lineWidth = ratio;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
  }
  pen.stroke();
  return paint.createPattern(tile, "repeat") ?? colour;
}
