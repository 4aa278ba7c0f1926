import { useMemo } from "react";

import type { ModelKey } from "../data/model";
import { useSearch } from "../navigation/location";

/** Which model the address means; the version is null for the newest. */
export function useModelKey(id: string): ModelKey {
  const search = useSearch();
  const environment = search.get("env") ?? "production";
  const version = search.get("version");
  return useMemo(() => ({ id, environment, version }), [id, environment, version]);
}
