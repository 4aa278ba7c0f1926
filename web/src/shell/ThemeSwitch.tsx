import { Icon } from "../pieces/Icon";

import { chooseTheme, useTheme } from "./theme";

export function ThemeSwitch() {
  const dark = useTheme() === "dark";
  return (
    <button
      type="button"
      className="button bare icon"
      aria-label={dark ? "Use the light theme" : "Use the dark theme"}
      onClick={() => {
        chooseTheme(dark ? "light" : "dark");
      }}
    >
      <Icon name={dark ? "sun" : "moon"} />
    </button>
  );
}
