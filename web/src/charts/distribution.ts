/** Geometry of two distributions over each other. Pure. */

import type { Distribution } from "../data/column";

export type Shape = "share" | "cumulative" | "difference";

export type Block = { lower: number; upper: number; reference: number; window: number };

/** Bars with both ends: open ends get the width of their neighbour; a single value gets a sliver. */
export function blocksOf(bars: Distribution["bars"]): Block[] {
  const widths = bars.flatMap((bar) =>
    bar.lower !== null && bar.upper !== null && bar.upper > bar.lower ? [bar.upper - bar.lower] : [],
  );
  const usual = [...widths].sort((a, b) => a - b)[widths.length >> 1] ?? 1;
  return bars.map((bar) => {
    const lower = bar.lower ?? (bar.upper ?? 0) - usual;
    const upper = bar.upper ?? lower + usual;
    return { lower, upper: upper > lower ? upper : lower + usual * 0.25, reference: bar.reference, window: bar.window };
  });
}

/** True when bars differ in width, so that heights must be densities for areas to tell the truth. */
export function isUneven(blocks: readonly Block[]): boolean {
  const widths = blocks.map((block) => block.upper - block.lower);
  return Math.max(...widths) > Math.min(...widths) * 1.2;
}

/** The heights to draw, in the order of the blocks. */
export function heightsOf(blocks: readonly Block[], shape: Shape, side: "reference" | "window", below = 0): number[] {
  if (shape === "cumulative") {
    let sum = below;
    return blocks.map((block) => (sum += block[side]));
  }
  const uneven = isUneven(blocks);
  const usual = blocks.length ? (blocks[blocks.length - 1].upper - blocks[0].lower) / blocks.length : 1;
  return blocks.map((block) => (uneven ? (block[side] * usual) / (block.upper - block.lower) : block[side]));
}

/** A stepped outline along the tops of touching bars, from the floor and back to it. */
export function stepPath(
  blocks: readonly Block[],
  heights: readonly number[],
  x: (v: number) => number,
  y: (v: number) => number,
  floor: number,
): string {
  if (blocks.length === 0) return "";
  let path = `M${x(blocks[0].lower).toFixed(1)} ${floor.toFixed(1)}`;
  blocks.forEach((block, index) => {
    const top = y(heights[index]).toFixed(1);
    path += `L${x(block.lower).toFixed(1)} ${top}L${x(block.upper).toFixed(1)} ${top}`;
  });
  return `${path}L${x(blocks[blocks.length - 1].upper).toFixed(1)} ${floor.toFixed(1)}`;
}
