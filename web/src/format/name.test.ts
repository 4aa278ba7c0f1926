import { describe, expect, it } from "vitest";

import { cutInTheMiddle, partsOfName, plainName } from "./name";

describe("names given by users", () => {
  it("spell out marks that would steer the text around them", () => {
    expect(partsOfName("\u202etxt.live")).toEqual([
      { kind: "mark", text: "U+202E" },
      { kind: "text", text: "txt.live" },
    ]);
    expect(plainName("a\u0000b\u200bc")).toBe("a[U+0000]b[U+200B]c");
  });

  it("leave ordinary letters of every script alone", () => {
    for (const name of ["größe", "日本語", "مرحبا", "<script>", "../../x", "🛫 delay"])
      expect(plainName(name)).toBe(name);
  });

  it("are said in words when empty", () => {
    expect(plainName("")).toBe("(empty name)");
  });

  it("keep both ends when they are cut", () => {
    const name = "customer_lifetime_value_rolling_90d_by_region_returns_v2_final";
    const cut = cutInTheMiddle(name, 30);
    expect([...cut]).toHaveLength(30);
    expect(name.startsWith(cut.split("…")[0])).toBe(true);
    expect(name.endsWith(cut.split("…")[1])).toBe(true);
    expect(cutInTheMiddle("short", 30)).toBe("short");
  });

  it("are never cut inside a character", () => {
    expect(cutInTheMiddle("🛫".repeat(20), 5)).toBe("🛫🛫🛫…🛫");
  });
});
