// Sets the theme before the first paint: the person's choice if there is one, else the system's.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("modelwatch.theme");
  } catch {
    // Storage is switched off: follow the system.
  }
  var dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
