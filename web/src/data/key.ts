/** The API key lives for as long as the tab: a shared computer forgets it. */

const PLACE = "modelwatch.key";

export function readKey(): string {
  return sessionStorage.getItem(PLACE) ?? "";
}

export function keepKey(key: string): void {
  sessionStorage.setItem(PLACE, key);
}
