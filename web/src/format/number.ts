/** Numbers as the design language writes them: tabular, thin space before units, a true minus. */

export const THIN = "\u2009";
export const MINUS = "\u2212";
export const NOTHING = "\u2013";

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** Every digit: `80,789`. For readouts and for hovering over a short number. */
export function exact(value: number): string {
  return value < 0 ? MINUS + grouped.format(-value) : grouped.format(value);
}

/** Exact below 10,000, then three digits and a unit: `9,180`, `38.4 k`, `4.82 M`. For tables. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  const size = Math.abs(value);
  if (size < 9_999.5) return exact(Math.round(value));
  const sign = value < 0 ? MINUS : "";
  for (const [unit, name] of [
    [1e3, "k"],
    [1e6, "M"],
    [1e9, "G"],
    [1e12, "T"],
  ] as const) {
    const text = threeDigits(size / unit);
    if (Number(text) < 1000) return sign + text + THIN + name;
  }
  return sign + size.toExponential(2);
}

function threeDigits(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

/** A distance between distributions: two decimals where it is large, three where it is small. */
export function statistic(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  const size = Math.abs(value);
  const text = size >= 0.0995 ? size.toFixed(2) : size.toFixed(3);
  return (value < 0 && Number(text) !== 0 ? MINUS : "") + text;
}

/** A share of one as a percentage: `14.2 %`. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return NOTHING;
  return percentDigits(share) + THIN + "%";
}

/** The digits alone, for a column or an axis whose head names the unit. */
export function percentDigits(share: number): string {
  const points = share * 100;
  if (points === 0) return "0";
  const size = Math.abs(points);
  const text = size >= 99.95 || size < 0.05 ? (size < 0.05 ? "<.1" : size.toFixed(0)) : size.toFixed(1);
  return (points < 0 ? MINUS : "") + text;
}

/** A difference always carries its sign: `+ 0.2`, `− 0.3`. */
export function signed(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? MINUS : "+") + THIN + text;
}

/** A measured value in the feature's own unit: about three digits, no exponent for ordinary sizes. */
export function measured(value: number | null | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? `${MINUS}infinite` : "infinite";
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : "";
  if (size === 0) return "0";
  if (size >= 1e7 || size < 1e-4) return sign + scientific(size);
  if (size >= 1000) return sign + grouped.format(size);
  return sign + String(Number(size.toPrecision(3)));
}

function scientific(size: number): string {
  const [digits, exponent] = size.toExponential(1).split("e");
  return `${String(Number(digits))}\u00d710${superscript(Number(exponent))}`;
}

/** `-12` as raised digits. */
export function superscript(value: number): string {
  const raised = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
  return (value < 0 ? "\u207b" : "") + [...String(Math.abs(value))].map((digit) => raised[Number(digit)]).join("");
}

/** A p-value; tiny ones as a bound, for nobody reads 3.1e-214. */
export function probability(value: number): string {
  if (value >= 0.001) return value.toFixed(3);
  return `< 10${superscript(Math.max(-99, Math.ceil(Math.log10(Math.max(value, 1e-300)))))}`;
}

/** `1 model`, `4 models`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${exact(count)} ${count === 1 ? one : many}`;
}
