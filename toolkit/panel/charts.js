// Charts that are tables: a label, a bar, a number. Rows without a change are folded
// into one line; a row that has moved stays until the next question, so none jumps.

const SHOWN_FROM = 0.005; // US$ bn
const MOST_ROWS = 9;

// Which rows stay in view: the largest of those that moved, in their own order.
function stickyRows() {
  let kept = [];
  return {
    clear: () => { kept = []; },
    of(changes) {
      const moved = changes.map((x, n) => [Math.abs(x), n]).filter(([x]) => x >= SHOWN_FROM);
      for (const [, n] of moved.sort((a, b) => b[0] - a[0])) {
        if (kept.length < MOST_ROWS && !kept.includes(n)) kept.push(n);
      }
      kept.sort((a, b) => a - b);
      return [...kept];
    },
  };
}

function chartBox(title, sub, columns) {
  const body = el("tbody");
  const id = uniqueId("chart");
  const heads = columns.map((text) => el("th", { scope: "col" }, text));
  const head = el("tr", {}, ...heads);
  const table = el("table", { class: "tk-bars", "aria-labelledby": id }, el("thead", {}, head), body);
  const fold = el("p", { class: "tk-fold" });
  const note = el("p", { class: "tk-sub" }, sub);
  const node = el("section", { class: "tk-chart" }, el("h3", { id }, title), note, table, fold);
  // In a year of the path both are that year's: without the levers, and with them.
  const name = (year) => columns.forEach((text, n) => say(heads[n], (year && SIDES[text]) || text));
  return { node, body, fold, note, name };
}

const SIDES = { Before: "Without", After: "With" };
const legendText = (year) => (year ? `grey ${year} without the levers, colour with them` : "grey before, colour after");

// Rows are made once by key and kept in order; a repaint sets widths and numbers.
function setRows(body, keys, make) {
  const old = new Map([...body.children].map((row) => [row.dataset.key, row]));
  const rows = keys.map((key) => old.get(key) ?? make(key));
  if (rows.length !== body.children.length || rows.some((row, n) => row !== body.children[n])) {
    body.replaceChildren(...rows);
  }
  return rows;
}

function barRow(key, label, flow, numbers) {
  const bars = el("td", { class: "tk-plot" }, el("span", { class: "tk-zero" }),
    el("span", { class: "tk-before" }), el("span", { class: "tk-after" }));
  const small = flow && flow !== "balance" ? el("span", { class: "tk-flow" }, flow) : "";
  const row = el("tr", { "data-key": key, "data-flow": flow },
    el("th", { scope: "row" }, label, " ", small), bars,
    ...numbers.map(() => el("td", { class: "tk-number" })));
  return row;
}

function placeBar(bar, from, to, low, high) {
  const span = high - low || 1;
  const [a, b] = from < to ? [from, to] : [to, from];
  bar.style.left = `${(100 * (a - low)) / span}%`;
  bar.style.width = `${Math.max((100 * (b - a)) / span, a === b ? 0 : 0.6)}%`;
}

// What each group adds to the balance, one after the other, then the sum.
function movesChart(d) {
  const box = chartBox(d.heads.moves, "US$ bn a year; to the left widens the deficit",
    ["Group of goods", "Bar", "Adds to the balance"]);
  box.node.classList.add("tk-headless");
  const sticky = stickyRows();
  const paint = (values) => {
    const shown = sticky.of(values);
    const rest = values.reduce((sum, x, n) => sum + (shown.includes(n) ? 0 : x), 0);
    const steps = shown.map((n) => ({ key: String(n), label: d.moves[n].label, flow: d.moves[n].flow, x: values[n] }));
    const others = values.length - shown.length;
    if (Math.abs(rest) >= SHOWN_FROM) steps.push({ key: "rest", label: `${others} others`, flow: "", x: rest });
    const total = values.reduce((sum, x) => sum + x, 0);
    const ends = runningEnds(steps);
    steps.push({ key: "total", label: "Change in the balance", flow: "balance", x: total, from: 0 });
    const low = Math.min(0, total, ...ends), high = Math.max(0, total, ...ends);
    const rows = setRows(box.body, steps.map((s) => s.key), (key) => {
      const step = steps.find((s) => s.key === key);
      return barRow(key, step.label, step.flow, [0]);
    });
    rows.forEach((row, k) => {
      const from = k < steps.length - 1 ? (ends[k - 1] ?? 0) : 0;
      paintBar(row, from, from + steps[k].x, low, high);
      say(row.lastChild, changeText(steps[k].x));
      if (steps[k].key === "rest") say(row.querySelector("th"), steps[k].label);
      row.title = `${steps[k].label}: ${changeText(steps[k].x, 3)} US$ bn`;
    });
    const still = others && Math.abs(rest) < SHOWN_FROM;
    say(box.fold, still ? `${shown.length ? `${others} others` : `All ${others} groups`}: no change` : "");
  };
  return { ...box, paint, clear: sticky.clear, count: d.moves.length };
}

function runningEnds(steps) {
  let end = 0;
  return steps.map((step) => (end += step.x));
}

function paintBar(row, from, to, low, high) {
  placeBar(row.querySelector(".tk-after"), from, to, low, high);
  row.querySelector(".tk-zero").style.left = `${(100 * (0 - low)) / (high - low || 1)}%`;
}

// Exports and imports before and after, each direction with a scale of its own.
function flowsChart(d) {
  const flows = ["exports", "imports"];
  const boxes = Object.fromEntries(flows.map((flow) => [flow, flowPanel(d, flow)]));
  const note = el("p", { class: "tk-sub" });
  const node = el("section", { class: "tk-chart" }, el("h3", {}, d.heads.bars), note,
    ...flows.map((flow) => boxes[flow].node));
  const paint = (values, before, year) => {
    const longest = flows.map((flow) => boxes[flow].paint(values, before, year));
    const [exports, imports] = longest.map((x) => decimalText(x, 2));
    say(note, `US$ bn a year; ${legendText(year)}. Two scales: the longest bar is ${exports} of exports, ${imports} of imports`);
  };
  return { node, paint, clear: () => flows.forEach((flow) => boxes[flow].clear()) };
}

function flowPanel(d, flow) {
  const lines = d.bars.map((bar, n) => ({ ...bar, n })).filter((bar) => bar.flow === flow);
  const box = chartBox(d.titles[flow], "", ["Chapter", "Bar", "After", "Change"]);
  box.note.remove();
  box.node.className = `tk-panel tk-${flow}`;
  const sticky = stickyRows();
  const paint = (values, start, year) => {
    box.name(year);
    const changes = lines.map((bar) => values[bar.n] - start[bar.n]);
    const moved = sticky.of(changes);
    const shown = moved.length ? moved : lines.slice(0, 3).map((_, k) => k);
    const high = Math.max(...shown.map((k) => Math.max(start[lines[k].n], values[lines[k].n])), 1e-9);
    const rows = setRows(box.body, shown.map(String), (key) => barRow(key, lines[Number(key)].label, "", [0, 0]));
    rows.forEach((row, i) => {
      const k = shown[i], before = start[lines[k].n], after = values[lines[k].n];
      row.dataset.flow = flow;
      placeBar(row.querySelector(".tk-before"), 0, before, 0, high);
      placeBar(row.querySelector(".tk-after"), 0, after, 0, high);
      const cells = row.querySelectorAll(".tk-number");
      say(cells[0], decimalText(after, 2));
      say(cells[1], Math.abs(changes[k]) < SHOWN_FROM ? "" : changeText(changes[k]));
      const sides = year ? ["without", "with the levers"] : ["before", "after"];
      row.title = `${lines[k].label}: ${decimalText(before, 3)} ${sides[0]}, ${decimalText(after, 3)} ${sides[1]}, US$ bn`;
    });
    const rest = changes.reduce((sum, x, k) => sum + (shown.includes(k) ? 0 : x), 0);
    const others = lines.length - shown.length;
    say(box.fold, others ? `${others} other chapters: ${Math.abs(rest) < SHOWN_FROM ? "no change" : changeText(rest)}` : "");
    return high;
  };
  return { ...box, paint, clear: sticky.clear };
}

// Who supplies a product: one market at a time, chosen from those that move most.
function suppliersChart(d) {
  const box = chartBox(d.heads.suppliers, "",
    ["Supplier", "Bar", "Before", "After", "Change"]);
  const choice = el("select", { "aria-label": "Market", class: "tk-market", onchange: () => show() });
  box.node.insertBefore(choice, box.note);
  let markets = [];
  const show = () => {
    const market = markets.find((m) => m.title === choice.value) ?? markets[0];
    const rows = market ? market.rows : [];
    const high = Math.max(...rows.map((r) => Math.max(r[1], r[2])), 1e-9);
    setRows(box.body, rows.map((r) => `${market.title}|${r[0]}`), (key) => barRow(key, key.split("|")[1], "", [0, 0, 0]))
      .forEach((row, k) => {
        const [, before, after] = rows[k];
        row.dataset.flow = k === 0 ? market.flow : "";
        placeBar(row.querySelector(".tk-before"), 0, before, 0, high);
        placeBar(row.querySelector(".tk-after"), 0, after, 0, high);
        const cells = row.querySelectorAll(".tk-number");
        say(cells[0], decimalText(before, 0));
        say(cells[1], decimalText(after, 0));
        say(cells[2], Math.abs(after - before) < 0.5 ? "" : changeText(after - before, 0));
      });
  };
  const paint = (found, year) => {
    box.name(year);
    say(box.note, `US$ mn a year; ${legendText(year)}`);
    const before = choice.value;
    markets = found;
    const titles = found.map((m) => m.title);
    const same = titles.length === choice.options.length && titles.every((t, n) => choice.options[n].value === t);
    if (!same && document.activeElement !== choice) {
      choice.replaceChildren(...titles.map((t) => el("option", { value: t }, t)));
      if (titles.includes(before) && box.chosen) choice.value = before;
    }
    show();
  };
  choice.addEventListener("change", () => { box.chosen = true; });
  return { ...box, paint, clear: () => { box.chosen = false; } };
}
