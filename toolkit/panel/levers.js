// The levers: a label, a track with today's value on it, a number field, help on demand.

const placeOf = (control, value) => {
  let best = 0;
  control.values.forEach((v, k) => {
    if (Math.abs(v - value) < Math.abs(control.values[best] - value)) best = k;
  });
  return best;
};

// One lever; `set(name, value)` is called when the reader moves it.
function leverRow(control, set) {
  return control.switch ? switchRow(control, set) : sliderRow(control, set);
}

function switchRow(control, set) {
  const id = uniqueId("lever");
  const tick = el("input", {
    type: "checkbox", id, onchange: () => set(control.name, tick.checked ? 1 : 0),
  });
  const [help, note] = helpOf(control);
  const label = el("label", { for: id, class: "tk-name" }, control.label);
  const node = el("div", { class: "tk-lever tk-switch", "data-control": control.name },
    el("div", { class: "tk-label" }, tick, label, help), note);
  const paint = (value) => {
    tick.checked = value !== control.neutral;
    node.classList.toggle("tk-moved", tick.checked);
  };
  return { node, paint, control, focus: () => tick.focus() };
}

function sliderRow(control, set) {
  const id = uniqueId("lever");
  const last = control.values.length - 1;
  const range = el("input", {
    type: "range", id, min: 0, max: last, step: 1,
    oninput: () => set(control.name, control.values[Number(range.value)]),
  });
  const field = el("input", {
    type: "number", class: "tk-field", step: "any", min: control.values[0], max: control.values[last],
    "aria-label": `${control.chip}, ${control.unit}`,
    onchange: () => set(control.name, within(control, field.value)),
  });
  const back = el("button", {
    class: "tk-back", hidden: true, title: `Back to today: ${sizeText(control, control.neutral)}`,
    "aria-label": `${control.chip}: back to today`,
    onclick: () => { set(control.name, control.neutral); range.focus(); },
  }, "\u21ba");
  const [help, note] = helpOf(control);
  const mark = el("span", { class: "tk-mark", "aria-hidden": "true" });
  mark.style.setProperty("--at", placeOf(control, control.neutral) / last);
  const node = el("div", { class: "tk-lever", "data-control": control.name },
    el("div", { class: "tk-label" }, el("label", { for: id, class: "tk-name" }, control.label), back, help),
    el("div", { class: "tk-track" }, range, mark), field,
    el("span", { class: "tk-unit" }, control.unit), note);
  const digits = Math.max(...[0, last, placeOf(control, control.neutral)].map((k) => fieldText(control.values[k]).length));
  node.style.setProperty("--field", `${Math.max(54, 8 * digits + 14)}px`);
  const paint = (value) => {
    const here = String(placeOf(control, value));
    if (range.value !== here) range.value = here;
    range.setAttribute("aria-valuetext", sizeText(control, value));
    const shown = fieldText(value);
    if (document.activeElement !== field || Number(field.value) !== Number(shown)) field.value = shown;
    const moved = Math.abs(value - control.neutral) > 1e-12;
    node.classList.toggle("tk-moved", moved);
    back.hidden = !moved;
  };
  return { node, paint, control, focus: () => range.focus() };
}

// The number in the field: fewer decimals the larger it is.
function fieldText(value) {
  const places = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? 1 : 2;
  return String(Number(value.toFixed(places)));
}

function within(control, text) {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value)) return control.neutral;
  return Math.min(Math.max(value, control.values[0]), control.values[control.values.length - 1]);
}

// What a lever does, its caveat, today's value and its source, each a line of its own.
function helpOf(control) {
  const id = uniqueId("note");
  const lines = [
    ["", control.what], ["Mind: ", control.caveat], ["Today: ", control.today],
    ["Source: ", control.source],
  ].filter(([, text]) => text);
  const note = el("div", { class: "tk-note", id, hidden: true },
    ...lines.map(([head, text]) => el("p", {}, head ? el("strong", {}, head) : "", text)));
  const help = el("button", {
    class: "tk-help", "aria-expanded": "false", "aria-controls": id,
    "aria-label": `About: ${control.chip}`,
    onclick: () => {
      note.hidden = !note.hidden;
      help.setAttribute("aria-expanded", String(!note.hidden));
    },
  }, "?");
  if (!lines.length) help.hidden = true;
  return [help, note];
}

// The levers of a panel: those in front, the others by section, and the search.
function leverList(d, set) {
  const rows = new Map();
  const make = (control) => {
    const row = leverRow(control, set);
    rows.set(control.name, row);
    return row.node;
  };
  const own = el("div", { class: "tk-rows tk-own" });
  const front = el("div", { class: "tk-rows" }, ...d.controls.filter((c) => c.front).map(make));
  const sections = d.sections.map((name) => {
    const mine = d.controls.filter((c) => c.section === name && !c.front);
    return mine.length ? sectionOf(name, mine, make) : null;
  }).filter(Boolean);
  const found = el("p", { class: "tk-found", role: "status" });
  const search = el("input", {
    type: "search", class: "tk-search", placeholder: "Find goods or an HS code",
    "aria-label": "Find a lever by goods, HS code or words",
    oninput: () => find(search.value, rows, sections, found),
  });
  const more = el("h3", { class: "tk-more-levers" }, "All other levers");
  const node = el("div", { class: "tk-levers", role: "group", "aria-label": "Levers" },
    search, found, own, front, more, ...sections.map((s) => s.node));
  const paint = (settings) => {
    for (const { paint: show, control } of rows.values()) show(settings[control.name] ?? control.neutral);
    for (const { node: box, names, count } of sections) {
      const moved = names.filter((name) => name in settings).length;
      say(count, moved ? `${moved} moved` : "");
      box.classList.toggle("tk-moved", moved > 0);
    }
  };
  const replaceOwn = (controls) => {
    for (const name of [...rows.keys()]) if (name.startsWith("lever:")) rows.delete(name);
    own.replaceChildren(...(controls.length ? [el("h3", {}, "Levers of this scenario")] : []), ...controls.map(make));
  };
  const goTo = (name) => {
    const row = rows.get(name);
    const box = row?.node.closest("details");
    if (box) box.open = true;
    row?.node.scrollIntoView({ block: "nearest" });
    row?.focus();
  };
  return { node, paint, replaceOwn, goTo, rows };
}

function sectionOf(name, controls, make) {
  const count = el("span", { class: "tk-count" });
  const parts = [];
  let heading = "";
  for (const control of controls) {
    if (control.heading && control.heading !== heading) parts.push(el("h4", {}, control.heading));
    heading = control.heading;
    parts.push(make(control));
  }
  const node = el("details", { class: "tk-section" }, el("summary", {}, `${name} `, count),
    el("div", { class: "tk-rows" }, ...parts));
  return { node, names: controls.map((c) => c.name), count };
}

// Show the levers whose words or codes hold what is looked for.
function find(text, rows, sections, found) {
  const asked = text.trim().toLowerCase();
  let count = 0;
  for (const { node, control } of rows.values()) {
    const hit = !asked || matches(control, asked);
    node.hidden = !hit;
    count += hit ? 1 : 0;
  }
  for (const { node, names } of sections) {
    const some = names.some((name) => !rows.get(name).node.hidden);
    node.hidden = !some;
    if (asked) node.open = some;
    else node.open = false;
    for (const head of node.querySelectorAll("h4")) head.hidden = Boolean(asked);
  }
  say(found, asked ? `${count} ${count === 1 ? "lever" : "levers"} for \u201c${text.trim()}\u201d` : "");
}

function matches(control, asked) {
  if (/^\d+$/.test(asked)) {
    return control.codes.some((code) => {
      const digits = code.replace(/\D.*$/, "");
      return digits && (digits.startsWith(asked) || asked.startsWith(digits));
    });
  }
  return asked.split(/\s+/).every((word) => control.words.includes(word));
}
