(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("has-js");
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);

  const theme = one(".theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const nameTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; nameTheme(); });
  dark.addEventListener("change", nameTheme);
  nameTheme();

  const list = one("#columns");
  const rows = all(".row", list ?? document);
  const search = one("#search");
  const shown = one("#shown");
  const nothing = one(".nothing");
  const state = { level: "", q: "", sort: "rank" };

  const orders = {
    rank: (a, b) => a.dataset.rank - b.dataset.rank,
    name: (a, b) => a.dataset.name.localeCompare(b.dataset.name),
    psi: (a, b) => b.dataset.psi - a.dataset.psi || orders.rank(a, b),
    p: (a, b) => (a.dataset.p === "nan" ? 2 : a.dataset.p) - (b.dataset.p === "nan" ? 2 : b.dataset.p) || orders.rank(a, b),
  };
  const visible = () => all(".row", list).filter((row) => !row.hidden);

  const remember = () => {
    const kept = new URLSearchParams(Object.entries(state).filter(([key, value]) => value && !(key === "sort" && value === "rank")));
    try { history.replaceState(null, "", `#${kept}`); } catch { /* a sandboxed frame has no address to keep it in */ }
  };
  const show = () => {
    const wanted = state.q.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const match = (!state.level || row.dataset.level === state.level) && row.dataset.name.includes(wanted);
      row.hidden = !match;
      count += match ? 1 : 0;
    }
    for (const chip of all(".chip")) chip.setAttribute("aria-pressed", String(chip.dataset.level === state.level));
    for (const button of all("[data-sort]")) button.setAttribute("aria-pressed", String(button.dataset.sort === state.sort));
    shown.textContent = count === rows.length ? "" : `${count} of ${rows.length} shown`;
    nothing.hidden = count > 0;
    remember();
  };
  const sort = (by) => {
    state.sort = by in orders ? by : "rank";
    list.append(...rows.sort(orders[state.sort]));
    show();
  };

  if (list && search) {
    search.addEventListener("input", () => { state.q = search.value; show(); });
    for (const chip of all(".chip")) {
      chip.addEventListener("click", () => { state.level = state.level === chip.dataset.level ? "" : chip.dataset.level; show(); });
    }
    for (const button of all("[data-sort]")) button.addEventListener("click", () => sort(button.dataset.sort));
    one("#clear").addEventListener("click", () => { Object.assign(state, { level: "", q: "" }); search.value = ""; show(); search.focus(); });
    const kept = new URLSearchParams(location.hash.slice(1));
    if (kept.size) {
      state.level = all(".chip").some((chip) => chip.dataset.level === kept.get("level")) ? kept.get("level") : "";
      state.q = search.value = kept.get("q") ?? "";
      sort(kept.get("sort") ?? "rank");
    }
  }

  let keys = true;
  const step = (by) => {
    const open = visible();
    const at = open.indexOf(document.activeElement?.closest(".row"));
    const next = open[at < 0 ? 0 : Math.min(Math.max(at + by, 0), open.length - 1)];
    if (next) one("summary", next).focus();
  };
  const actions = {
    "/": () => search?.focus(),
    j: () => step(1),
    k: () => step(-1),
    o: () => { const any = visible().some((row) => !row.open); for (const row of visible()) row.open = any; },
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement === search) { search.value = state.q = ""; show(); search.blur(); return; }
    const writing = event.target instanceof HTMLInputElement;
    const action = actions[event.key.toLowerCase()];
    if (!keys || writing || !list || !action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
  one("#keys")?.addEventListener("click", (event) => {
    keys = !keys;
    event.currentTarget.textContent = keys ? "Single keys: on" : "Single keys: off";
  });

  for (const picture of all(".histogram")) {
    const cursor = one(".cursor", picture);
    const readout = one(".readout", picture.parentElement);
    const lines = all(".numbers tbody tr", picture.parentElement);
    const bars = Number(picture.dataset.bars);
    const left = Number(picture.dataset.left);
    const width = (Number(picture.dataset.right) - left) / bars;
    picture.addEventListener("pointermove", (event) => {
      const box = picture.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * picture.viewBox.baseVal.width;
      const bar = Math.floor((x - left) / width);
      const inside = bar >= 0 && bar < bars;
      cursor.classList.toggle("is-on", inside);
      if (!inside) { readout.textContent = ""; return; }
      cursor.setAttribute("x", left + bar * width);
      cursor.setAttribute("width", width);
      const [label, before, now] = [...lines[bar].cells].map((cell) => cell.textContent);
      readout.textContent = `${label}: window ${now} %, reference ${before} % of rows`;
    });
    picture.addEventListener("pointerleave", () => { cursor.classList.remove("is-on"); readout.textContent = ""; });
  }

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = rows.filter((row) => !row.open && !row.hidden && ["critical", "warning"].includes(row.dataset.level)).slice(0, 12);
    for (const row of closed) row.open = true;
  });
  addEventListener("afterprint", () => { for (const row of closed) row.open = false; });
})();
