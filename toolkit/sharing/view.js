// From numbers to the screen: figures, tables, sentences. Text only, never markup.

const MINUS = "\u2212";

// Decimals as Python rounds them: an exact tie goes to the even digit.
function rounded(value, places) {
  const scaled = Math.abs(value) * 10 ** places;
  const tie = scaled % 1 === 0.5 && Number.isInteger(value * 2 ** (places + 1));
  if (tie) return (2 * Math.round(scaled / 2) / 10 ** places).toFixed(places);
  return Math.abs(value).toFixed(places);
}

function grouped(value, places) {
  const [whole, rest] = rounded(value, places).split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest ? `${spaced}.${rest}` : spaced;
}

// display.plain: a number with a true minus.
function plainNumber(value, places = 2) {
  const text = grouped(value, places);
  return value < 0 && Number(text.replaceAll(",", "")) !== 0 ? MINUS + text : text;
}

// display.signed: a change, with its sign.
function signed(value, places = 2) {
  if (Number.isNaN(value)) return "not known in";
  const text = plainNumber(value, places);
  return value > 0 && Number(text.replaceAll(",", "")) !== 0 ? `+${text}` : text;
}

// explorer.readout._between.
function betweenOf([least, greatest]) {
  if (!(greatest - least > 5e-4)) return "";
  return `${signed(least / 1e3)} to ${signed(greatest / 1e3)}`;
}

// explorer.readout.details.
function detailsOf(data, r) {
  const bn = (value) => signed(value / 1e3);
  const money = (value) => (value < 0 ? "-" : "") + grouped(value, 0);
  const swings = r.range.swings.slice(0, 3).filter(([, swing]) => swing >= 5e-4)
    .map(([concept, swing]) => `${concept} ${plainNumber(swing / 1e3)}`).join(", ");
  const between = betweenOf(r.range.ends.balance);
  const range = !between ? []
    : [`the balance changes by ${between} US$ bn as one assumption at a `
      + `time goes to an end of its interval (from end to end: ${swings})`];
  return [
    ...range,
    r.openAccount ? `${data.name}'s balance with the world is not given: ${r.openAccount}`
      : `${data.name}'s balance with the world ${bn(r.accounts.world)} US$ bn`,
    `tariff revenue ${bn(r.accounts.revenue)} US$ bn (at unchanged trade ${bn(r.accounts.staticRevenue)})`,
    `welfare ${bn(r.accounts.welfare)} US$ bn`,
    ...r.invisibles.map(([item, usd, low, high]) => `${item}, beside the goods balance: `
      + `US$ ${money(usd)} mn (${money(low)} to ${money(high)})`),
    ...r.wedges.map((w) => `${w.name}: the market price would be ${signed(100 * w.wedge, 1)} `
      + "% from the supplier's price"),
    ...r.notes,
  ];
}

// scenario.Scenario.to_yaml.
function yamlOf(data, active) {
  const levers = active.map(({ lever, k }) => unfold(lever.yaml, k)).join("");
  return data.yaml_head + (levers ? `levers:\n${levers}` : "levers: []\n");
}

// explorer.text.as_python.
function pythonOf(data, active, name) {
  const lines = active.map(({ lever, k }) => unfold(lever.python, k));
  const given = name === "given" ? "..." : name === "central" ? "" : `case='${name}'`;
  const tail = data.python_tail.replace("MODEL", `tk.Armington(${given})`);
  return [data.python_head, ...lines, tail].join("\n");
}

const put = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

function putList(list, items) {
  const old = list.children;
  while (old.length > items.length) old[old.length - 1].remove();
  while (old.length < items.length) list.append(document.createElement("li"));
  items.forEach((item, n) => put(old[n], item));
}

function paintFigures(root, { balance, range }) {
  for (const [name, row] of Object.entries(balance)) {
    const box = root.querySelector(`[data-figure="${name}"]`);
    put(box.querySelector('[data-part="after"]'), plainNumber(row.after / 1e3));
    put(box.querySelector('[data-part="before"]'), plainNumber(row.before / 1e3));
    put(box.querySelector('[data-part="change"]'), signed(row.change / 1e3));
    const between = betweenOf(range.ends[name]);
    put(box.querySelector('[data-part="between"]'), between ? `between ${between}` : "");
  }
}

function paintTables(root, data, r) {
  const cells = (name) => root.querySelectorAll(`[data-chart="${name}"] tbody tr`);
  const total = r.steps.reduce((sum, value) => sum + value, 0);
  cells("steps").forEach((row, n) => put(row.cells[2], signed(r.steps[n] ?? total)));
  cells("bars").forEach((row, n) => {
    put(row.cells[3], plainNumber(r.bars[n]));
    put(row.cells[4], signed(r.bars[n] - data.bars[n].start));
  });
}

function shownValue(control, k) {
  const value = control.values[k];
  const number = plainNumber(value, Number.isInteger(value) ? 0 : 1);
  return control.unit ? `${number} ${control.unit}` : number;
}

function paintControls(root, data, places, name) {
  for (const c of data.controls) {
    const box = root.querySelector(`[data-control="${CSS.escape(c.name)}"]`);
    const input = box.querySelector("input");
    const k = places[c.name];
    box.classList.toggle("set", k !== c.neutral);
    if (c.switch) {
      input.checked = k !== c.neutral;
      continue;
    }
    input.value = c.values[k];
    input.setAttribute("aria-valuetext", shownValue(c, k));
    put(box.querySelector("output"), shownValue(c, k));
  }
  for (const radio of root.querySelectorAll('input[name="case"]')) {
    radio.checked = radio.value === name;
  }
  for (const section of root.querySelectorAll(".levers > details")) {
    const moved = section.querySelectorAll(".control.set").length;
    put(section.querySelector(".moved"), moved ? `(${moved} moved)` : "");
  }
}

function spokenOf(balance) {
  const bn = (row) => `${plainNumber(row.after / 1e3)} (${signed(row.change / 1e3)})`;
  return `Exports ${bn(balance.exports)}, imports ${bn(balance.imports)}, `
    + `balance ${bn(balance.balance)} billion US dollars.`;
}
