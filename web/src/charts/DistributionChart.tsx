import type { Distribution } from "../data/column";
import { measured, percentDigits } from "../format/number";

import { blocksOf, heightsOf, isUneven, stepPath, type Shape } from "./distribution";
import { linear, ticks } from "./scale";
import { Specials } from "./Specials";
import "./charts.css";

type Props = {
  distribution: Distribution;
  shape: Shape;
  width: number;
  height: number;
  medians?: boolean;
  axis?: boolean;
};

const BOTTOM = 20;

/** Reference and window over each other, and beside them in percent what has no place on the axis. */
export function DistributionChart({ distribution, shape, width, height, medians = false, axis = false }: Props) {
  const small = width < 420;
  const specials = small ? distribution.specials.filter(isWorthRoom) : distribution.specials;
  const blocks = blocksOf(distribution.bars);
  const left = axis ? 42 : 0;
  const top = medians ? 20 : 6;
  const beside = specials.length === 0 ? 0 : Math.min(width * 0.5, specials.length * (small ? 56 : 76) + 12);
  const right = width - beside - (beside ? 20 : 2);
  const floor = height - BOTTOM;
  const below = distribution.specials.find((special) => special.name === "below");
  const reference = heightsOf(blocks, shape, "reference", below?.reference);
  const window = heightsOf(blocks, shape, "window", below?.window);
  const gaps = blocks.map((_, index) => window[index] - reference[index]);
  const low = shape === "difference" ? Math.min(0, ...gaps) * 1.08 : 0;
  const high =
    shape === "difference"
      ? Math.max(0, ...gaps) * 1.08
      : shape === "cumulative"
        ? 1
        : Math.max(...reference, ...window, 1e-9) * 1.04;
  const from = blocks[0]?.lower ?? 0;
  const to = blocks.at(-1)?.upper ?? 1;
  const x = linear(from, to, left, right);
  const y = linear(low, high || 1e-9, floor, top);
  const showTicks = axis && (shape !== "share" || !isUneven(blocks));
  const name = `${distribution.kind.toLowerCase()} distribution, reference and window`;
  return (
    <svg className="distribution" width={width} height={height} role="img" aria-label={name}>
      {showTicks &&
        ticks(low, high, 4).map((tick, index, all) => (
          <g key={tick}>
            <path
              d={`M${String(left)} ${(Math.round(y(tick)) + 0.5).toString()}H${String(right)}`}
              stroke="var(--c-grid)"
            />
            <text className="axis-text" x={left - 6} y={y(tick) + 4} textAnchor="end">
              {percentDigits(tick) + (index === all.length - 1 ? "\u2009%" : "")}
            </text>
          </g>
        ))}
      {shape === "difference" ? (
        blocks.map((block, index) => (
          <rect
            key={index}
            className={gaps[index] >= 0 ? "more-bar" : "less-bar"}
            x={x(block.lower)}
            width={Math.max(0.5, x(block.upper) - x(block.lower) - 1)}
            y={Math.min(y(0), y(gaps[index]))}
            height={Math.abs(y(gaps[index]) - y(0))}
          />
        ))
      ) : (
        <>
          <path
            className={shape === "share" ? "reference-shape" : "no-fill"}
            d={stepPath(blocks, reference, x, y, floor)}
          />
          <path className={shape === "share" ? "window-shape" : "no-fill"} d={stepPath(blocks, window, x, y, floor)} />
          <path className="reference-line" d={stepPath(blocks, reference, x, y, floor)} />
          <path className="window-line" d={stepPath(blocks, window, x, y, floor)} />
        </>
      )}
      {medians && shape !== "difference" && (
        <Medians distribution={distribution} x={x} left={left} right={right} floor={floor} />
      )}
      <path
        d={`M${String(left)} ${(Math.round(y(Math.max(0, low))) + 0.5).toString()}H${String(right)}`}
        stroke="var(--line-strong)"
      />
      {ticks(from, to, Math.max(2, Math.floor((right - left) / 56))).map((tick) => (
        <text
          key={tick}
          className="axis-text"
          x={x(tick)}
          y={height - 5}
          textAnchor={x(tick) < left + 8 ? "start" : x(tick) > right - 12 ? "end" : "middle"}
        >
          {measured(tick)}
        </text>
      ))}
      {beside > 0 && (
        <Specials
          specials={specials}
          left={width - beside}
          width={beside}
          floor={floor}
          top={top}
          bottom={height - 5}
        />
      )}
    </svg>
  );
}

/** In a small chart only what moved, or what is a share worth a glance. */
function isWorthRoom(special: { reference: number; window: number }): boolean {
  return Math.max(special.reference, special.window) >= 0.01;
}

type MedianProps = {
  distribution: Distribution;
  x: (value: number) => number;
  left: number;
  right: number;
  floor: number;
};

/** Two dashed lines with their numbers; the left one is written to its left, so that they never collide. */
function Medians({ distribution, x, left, right, floor }: MedianProps) {
  const { referenceMedian, windowMedian } = distribution;
  if (referenceMedian === null || windowMedian === null) return null;
  const windowIsRight = windowMedian >= referenceMedian;
  const lines = [
    { value: referenceMedian, stroke: "var(--c-reference)", text: "axis-text", toRight: !windowIsRight },
    { value: windowMedian, stroke: "var(--c-window)", text: "axis-text is-window", toRight: windowIsRight },
  ];
  return lines.map((line) => {
    const outside = x(line.value) > right;
    const place = Math.max(left, Math.min(right, x(line.value)));
    const toRight = place < left + 90 ? true : place > right - 90 ? false : line.toRight;
    return (
      <g key={line.stroke}>
        <path d={`M${place.toFixed(1)} 6V${String(floor)}`} stroke={line.stroke} strokeDasharray="3 3" />
        <text
          className={`${line.text} halo`}
          x={place + (toRight ? 6 : -6)}
          y={12}
          textAnchor={toRight ? "start" : "end"}
        >{`median ${measured(line.value)}${outside ? " →" : ""}`}</text>
      </g>
    );
  });
}
