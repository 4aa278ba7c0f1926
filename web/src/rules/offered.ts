/** What the fields of a condition offer while one types. */

import { useRuleMetrics } from "../data/rules";

import { ANY_MODEL } from "./draft";

export type Offered = {
  metrics: string[];
  features: string[];
  segments: string[];
  about: (metric: string) => string;
  isGroup: (metric: string) => boolean;
};

const UNITS: Record<string, string> = { share: "a share from 0 to 1", times: "a ratio", target: "" };

export function useOffered(model: string): Offered {
  const held = useRuleMetrics(model === "" || model === ANY_MODEL ? null : model).data;
  const find = (name: string) => held?.metrics.find((each) => each.name === name);
  return {
    metrics: held?.metrics.map((each) => each.name) ?? [],
    features: held?.features ?? [],
    segments: [...(held?.segments ?? []), ...(held?.groups ?? [])],
    about: (name) => {
      const found = find(name);
      if (!found) return "";
      const unit = UNITS[found.unit] ?? (found.unit === "number" ? "" : found.unit);
      return unit ? `${found.title}, ${unit}` : found.title;
    },
    isGroup: (name) => find(name)?.of.includes("group") ?? false,
  };
}
