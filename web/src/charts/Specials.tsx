import type { Distribution } from "../data/column";
import { percentDigits } from "../format/number";

import { linear } from "./scale";

type Props = {
  specials: Distribution["specials"];
  left: number;
  width: number;
  floor: number;
  top: number;
  bottom: number;
};

const WORDS: Record<string, string> = {
  null: "null",
  nan: "NaN",
  infinite: "infinite",
  mistyped: "wrong type",
  below: "below",
  above: "above",
  other: "other",
  unseen: "unseen",
  outside: "out of range",
};

export function specialWord(name: string): string {
  return WORDS[name.toLowerCase()] ?? name;
}

/** Pairs of bars for what stands apart from the axis: nulls, NaN, out of range; always in percent of all rows. */
export function Specials({ specials, left, width, floor, top, bottom }: Props) {
  const slot = width / specials.length;
  const bar = Math.min(16, slot / 3);
  const high = Math.max(...specials.flatMap((special) => [special.reference, special.window]), 0.02);
  const y = linear(0, high * 1.02, floor, top + 16);
  return (
    <g>
      <path d={`M${String(left)} ${(floor + 0.5).toString()}H${String(left + width)}`} stroke="var(--line-strong)" />
      {specials.map((special, index) => {
        const middle = left + slot * (index + 0.5);
        return (
          <g key={special.name}>
            <rect
              className="reference-bar"
              x={middle - bar - 1}
              width={bar}
              y={y(special.reference)}
              height={floor - y(special.reference)}
            />
            <rect
              className="window-bar"
              x={middle + 1}
              width={bar}
              y={y(special.window)}
              height={floor - y(special.window)}
            />
            <text className="axis-text" x={middle - 3} y={y(special.reference) - 4} textAnchor="end">
              {percentDigits(special.reference)}
            </text>
            <text className="axis-text is-ink" x={middle + 3} y={y(special.window) - 4}>
              {percentDigits(special.window) + (slot < 64 ? "\u2009%" : "")}
            </text>
            <text className="axis-text" x={middle} y={bottom} textAnchor="middle">
              {slot < 64 ? specialWord(special.name) : `${specialWord(special.name)}, %`}
            </text>
          </g>
        );
      })}
    </g>
  );
}
