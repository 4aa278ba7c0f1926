import "./whisker.css";

export type Axis = { low: number; high: number };

type Props = {
  value: number | null;
  low: number | null;
  high: number | null;
  axis: Axis;
  /** The reference group's own value, as a line through all rows. */ against?: number | null;
  /** Rules, drawn as dashes. */ rules?: readonly { at: number; kind: "warning" | "critical" }[];
  tone?: string;
  hollow?: boolean;
  width?: number;
};

export const WHISKER = 84;
const HEIGHT = 32;
const MIDDLE = HEIGHT / 2;

/** A value as a dot with its 95 % interval as a whisker; an end that leaves the range is cut there, without its stop. */
export function Whisker({
  value,
  low,
  high,
  axis,
  against,
  rules = [],
  tone = "",
  hollow = false,
  width = WHISKER,
}: Props) {
  const size = axis.high - axis.low || 1;
  const x = (at: number) => 4 + ((at - axis.low) / size) * (width - 8);
  const inside = (at: number) => Math.min(width, Math.max(0, x(at)));
  const stop = (at: number) => (x(at) < 0 || x(at) > width ? "" : `M${x(at).toFixed(1)} ${String(MIDDLE - 3)}v6`);
  return (
    <svg className={`whisker ${tone}`} width={width} height={HEIGHT} aria-hidden="true">
      {rules.map((rule) => (
        <path
          key={rule.kind}
          d={`M${x(rule.at).toFixed(1)} 0V${String(HEIGHT)}`}
          stroke={`var(--${rule.kind})`}
          strokeDasharray="3 3"
        />
      ))}
      {against !== null && against !== undefined && (
        <path className="whisker-against" d={`M${inside(against).toFixed(1)} 0V${String(HEIGHT)}`} />
      )}
      {low !== null && high !== null && (
        <path
          className="whisker-line"
          d={`M${inside(low).toFixed(1)} ${String(MIDDLE)}H${inside(high).toFixed(1)}${stop(low)}${stop(high)}`}
        />
      )}
      {value !== null && (
        <circle
          className={hollow ? "whisker-dot is-hollow" : "whisker-dot"}
          cx={inside(value)}
          cy={MIDDLE}
          r={hollow ? 3 : 3.5}
        />
      )}
    </svg>
  );
}
