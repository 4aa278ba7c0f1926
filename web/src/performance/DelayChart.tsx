import { useRef } from "react";

import { DataTable } from "../charts/DataTable";
import { linear, logarithmic, ticks } from "../charts/scale";
import type { Delays } from "../data/performance";
import { exact, percent, percentDigits } from "../format/number";
import { useSize } from "../pieces/useSize";

import { delayBlocks, delayMarks } from "./delays";
import { delayText } from "./words";

const HEIGHT = 164;

/** How long the labels of the window took to come, on a log scale. */
export function DelayChart({ delays, when }: { delays: Delays; when: string }) {
  const frame = useRef<HTMLElement>(null);
  const { width } = useSize(frame, { width: 360, height: 300 });
  const blocks = delayBlocks(delays.bars);
  if (blocks.length === 0) return null;
  const from = blocks[0].from / 1.5;
  const until = blocks[blocks.length - 1].until * 1.5;
  const floor = HEIGHT - 20;
  const high = Math.max(...blocks.map((block) => block.share));
  const x = logarithmic(from, until, 34, width - 6);
  const y = linear(0, high * 1.08, floor, 6);
  const quantiles = [
    { text: "half", value: delays.p50 },
    { text: "90 %", value: delays.p90 },
    { text: "99 %", value: delays.p99 },
  ].filter((each): each is { text: string; value: number } => each.value !== null);
  const said = quantiles.map((each) => `${each.text} within ${delayText(each.value)}`).join(", ");
  return (
    <figure className="close-up-block" ref={frame}>
      <h3>
        How long they took <span className="quiet small">window {when}; share of labels, %; log scale</span>
      </h3>
      <p className="second small">{said.charAt(0).toUpperCase() + said.slice(1)}.</p>
      <svg width={width} height={HEIGHT} role="img" aria-label={`How long labels took: ${said}`}>
        {ticks(0, high, 3).map((tick) => (
          <g key={tick}>
            <path d={`M34 ${y(tick).toFixed(1)}H${String(width - 6)}`} stroke="var(--c-grid)" />
            <text className="axis-text" x="28" y={y(tick) + 4} textAnchor="end">
              {percentDigits(tick).replace(/\.0$/, "")}
            </text>
          </g>
        ))}
        {blocks.map((block) => (
          <rect
            key={block.from}
            className="rows-bar"
            x={x(block.from) + 0.5}
            width={Math.max(1, x(block.until) - x(block.from) - 1)}
            y={y(block.share)}
            height={floor - y(block.share)}
          />
        ))}
        {quantiles.map(({ text, value }) => (
          <path
            key={text}
            d={`M${x(value).toFixed(1)} 6V${String(floor)}`}
            stroke="var(--ink-2)"
            strokeDasharray="3 3"
          />
        ))}
        <path d={`M34 ${String(floor + 0.5)}H${String(width - 6)}`} stroke="var(--line-strong)" />
        {delayMarks(from, until).map((mark) => (
          <text key={mark.text} className="axis-text" x={x(mark.at)} y={HEIGHT - 4} textAnchor="middle">
            {mark.text}
          </text>
        ))}
      </svg>
      <DataTable
        label="Labels by delay"
        heads={["Delay", "Labels", "Share"]}
        rows={() =>
          delays.bars.map((bar, index) => [
            bar.upTo === null ? `over ${delayText(bar.above)}` : `${delayText(bar.above)} to ${delayText(bar.upTo)}`,
            exact(Math.round(bar.labels)),
            percent(blocks[index].share),
          ])
        }
      />
    </figure>
  );
}
