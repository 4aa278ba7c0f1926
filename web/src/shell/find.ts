/** Finding by name: what begins like the words first, then what holds them. */

/** Lower is better; null when some word is not in the name at all. */
export function closeness(name: string, words: string): number | null {
  const low = name.toLowerCase();
  let worst = 0;
  for (const word of words.toLowerCase().split(/\s+/).filter(Boolean)) {
    const place = low.indexOf(word);
    if (place < 0) return null;
    worst = Math.max(worst, place === 0 ? 0 : /[^a-z0-9]/.test(low[place - 1]) ? 1 : 2);
  }
  return worst;
}

export function find<Thing>(
  things: readonly Thing[],
  nameOf: (thing: Thing) => string,
  words: string,
  limit: number,
): Thing[] {
  return things
    .flatMap((thing, order) => {
      const close = closeness(nameOf(thing), words);
      return close === null ? [] : [{ thing, close, order }];
    })
    .sort((a, b) => a.close - b.close || a.order - b.order)
    .slice(0, limit)
    .map((found) => found.thing);
}
