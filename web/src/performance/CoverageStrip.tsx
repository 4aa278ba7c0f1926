import { linear } from "../charts/scale";
import type { OutcomeWindow } from "../data/performance";

import { halves } from "./outcomeAxis";

type Props = {
  windows: readonly OutcomeWindow[];
  xs: readonly number[];
  plot: number;
  height: number;
  cursor: number;
  hatch: string;
  widest: number;
};

/** The share of predictions whose truth is known, and hatched on top of it what is still to come. */
export function CoverageStrip({ windows, xs, plot, height, cursor, hatch, widest }: Props) {
  const y = linear(0, 1, height - 1, 4);
  const floor = height - 1;
  const blocks = halves(xs, widest / 2).map(({ left, right }, index) => {
    const { coverage, mature, final } = windows[index];
    const top = y(coverage);
    const later = mature || final === null ? top : Math.min(top, y(final));
    return { left: Math.max(0, left), right: Math.min(plot, right), top, later };
  });
  const coming = blocks.filter((block) => block.later < block.top - 0.5);
  // One path for all windows: separate shapes would leave seams between them.
  return (
    <g>
      <path d={`M0 4.5H${String(plot)}`} stroke="var(--c-grid)" />
      <path d={coming.map((each) => box(each, each.later, each.top)).join("")} fill={`url(#${hatch})`} />
      <path d={coming.map((each) => edge(each, each.later)).join("")} className="coverage-later" />
      <path d={blocks.map((each) => box(each, each.top, floor)).join("")} className="coverage-area" />
      <path d={blocks.map((each) => edge(each, each.top)).join("")} className="coverage-edge" />
      <path d={`M0 ${(height - 0.5).toString()}H${String(plot)}`} stroke="var(--line-strong)" />
      {xs[cursor] !== undefined && (
        <path d={`M${Math.round(xs[cursor]).toString()}.5 0V${String(height)}`} stroke="var(--ink-3)" />
      )}
    </g>
  );
}

type Sides = { left: number; right: number };

function box({ left, right }: Sides, top: number, bottom: number): string {
  return `M${left.toFixed(1)} ${bottom.toFixed(1)}V${top.toFixed(1)}H${right.toFixed(1)}V${bottom.toFixed(1)}Z`;
}

function edge({ left, right }: Sides, y: number): string {
  return `M${left.toFixed(1)} ${y.toFixed(1)}H${right.toFixed(1)}`;
}
