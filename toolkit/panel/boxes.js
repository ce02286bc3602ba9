// The boxes beside levers and charts: answer, figures, questions, chips, what the
// answer hangs on, kept scenarios, files and code.

function answerBox() {
  const lead = el("p", { class: "tk-lead" });
  const more = el("p", { class: "tk-more" });
  const node = el("section", { class: "tk-answer", "aria-label": "Answer" }, lead, more);
  return {
    node,
    paint(answer) {
      say(lead, answer.balance);
      const world = answer.world.includes("not given") ? "" : answer.world;
      say(more, [world, answer.goods, answer.levers, answer.others].filter(Boolean).join(" "));
    },
    refuse(message) {
      say(lead, `Not solved: ${message}`);
      say(more, "The figures and charts of the last answer are withdrawn: take back a lever or choose another model.");
    },
  };
}

function figureBoxes(d) {
  const parts = {};
  const node = el("div", { class: "tk-figures" }, ...Object.entries(d.titles).map(([name, title]) => {
    const value = el("span", { class: "tk-value" });
    const change = el("span", { class: "tk-change" });
    const share = el("span", { class: "tk-share" });
    const before = el("span", { class: "tk-was" });
    parts[name] = { value, change, share, before };
    return el("div", { class: `tk-figure tk-${name}`, "data-figure": name },
      el("h3", {}, title),
      el("p", { class: "tk-amount" }, value, el("small", {}, " US$ bn")),
      el("p", { class: "tk-moved-by" }, el("span", { class: "tk-spoken" }, "change "), change, share, el("span", { class: "tk-from" }, " from ", before)));
  }));
  const set = (name, figure) => {
    say(parts[name].value, figure.after);
    say(parts[name].change, figure.change);
    say(parts[name].share, figure.share ? ` (${figure.share})` : "");
    say(parts[name].before, figure.before);
  };
  return {
    node,
    paint: (figures) => figures.forEach((figure) => set(figure.name, figure)),
    refuse: () => Object.keys(parts).forEach((name) =>
      set(name, { after: "\u2013", change: "\u2013", share: "", before: "\u2013" })),
  };
}

function questionBox(d, ask) {
  const buttons = d.questions.map((question) => el("button", {
    class: "tk-question", "aria-pressed": "false", onclick: () => ask(question.settings),
  }, question.text));
  const node = el("div", { class: "tk-questions", role: "group", "aria-label": "Questions" },
    el("span", { class: "tk-what-if" }, "What if\u2026"), ...buttons);
  const same = (a, b) => {
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every((n) => Math.abs(a[n] - b[n]) < 1e-9);
  };
  return {
    node,
    paint: (settings) => d.questions.forEach((q, n) =>
      buttons[n].setAttribute("aria-pressed", String(same(q.settings, settings)))),
  };
}

// The levers in force, each with its value; a click goes there, the cross takes it back.
function chipBox(handlers) {
  const list = el("ul", { class: "tk-chips", "aria-label": "Levers in force" });
  const button = (text, name, label) => el("button", {
    class: "tk-tool", onclick: handlers[name], title: label, "aria-label": label,
  }, text);
  const undo = button("\u21b6 Undo", "undo", "Undo (Ctrl+Z)");
  const redo = button("\u21b7 Redo", "redo", "Redo (Ctrl+Shift+Z)");
  const reset = button("Reset", "reset", "Put every lever back to today");
  const keep = button("Keep", "keep", "Keep this scenario to compare with it");
  const node = el("div", { class: "tk-force" }, list, el("div", { class: "tk-tools" }, undo, redo, reset, keep));
  const paint = (chips, can) => {
    undo.disabled = !can.undo;
    redo.disabled = !can.redo;
    const key = JSON.stringify(chips);
    if (list.dataset.key === key) return;
    const focused = list.contains(document.activeElement);
    list.dataset.key = key;
    list.replaceChildren(...(chips.length ? chips.map((chip) => el("li", { class: chip.refused ? "tk-chip tk-refused" : "tk-chip" },
      el("button", { class: "tk-chip-name", onclick: () => handlers.goTo(chip.name) }, chip.text),
      el("button", { class: "tk-chip-off", "aria-label": `Take back: ${chip.text}`, title: "Take back", onclick: () => handlers.remove(chip) }, "\u00d7")))
      : [el("li", { class: "tk-none" }, "No lever is moved: everything is as in the baseline.")]));
    if (focused) (list.querySelector(".tk-chip-off") ?? reset).focus();
  };
  return { node, paint };
}

// What the answer hangs on: the assumptions that move it most, each adjustable.
function hangsBox(d, choose) {
  const range = el("p", { class: "tk-range" });
  const rows = el("div", { class: "tk-assumptions" });
  const node = el("section", { class: "tk-chart tk-hangs" }, el("h3", {}, "What it hangs on"), range, rows);
  const made = new Map();
  const rowOf = (name) => {
    if (!made.has(name)) made.set(name, assumptionRow(d, name, choose));
    return made.get(name);
  };
  const paint = (screen, ends) => {
    node.classList.toggle("tk-withdrawn", !screen.band); // of a lever before: it comes
    if (!screen.band) return;
    const bn = (value) => changeText(value / 1e3);
    const { least, greatest, kind } = screen.band;
    const wide = greatest - least > 5e-4;
    say(range, wide ? `The balance changes by ${bn(least)} to ${bn(greatest)} US$ bn: ${kind}.` : screen.answer.hangs);
    const adjusted = Object.keys(ends).filter((field) => ends[field] !== "central").map((f) => f.replaceAll("_", " "));
    const names = [...new Set([...screen.assumptions.map((a) => a.name), ...adjusted])];
    const shown = names.map(rowOf);
    if (shown.length !== rows.children.length || shown.some((r, n) => r.node !== rows.children[n])) {
      const focused = rows.contains(document.activeElement) ? document.activeElement : null;
      rows.replaceChildren(...shown.map((r) => r.node));
      focused?.focus();
    }
    for (const row of shown) row.paint(screen.assumptions.find((a) => a.name === row.name), ends, screen.band);
  };
  return { node, paint };
}

function assumptionRow(d, name, choose) {
  const field = name.replaceAll(" ", "_");
  const adjustable = d.adjustable.includes(field);
  const said = el("strong"), term = el("span", { class: "tk-term" }, ` (${name})`);
  const values = el("p", { class: "tk-values" });
  const group = uniqueId("end");
  const words = { ...d.end_words, ...d.end_words_of[name] };
  const radios = Object.keys(d.end_words).map((end) => {
    const id = uniqueId("radio");
    const radio = el("input", { type: "radio", name: group, id, value: end, onchange: () => choose(field, end) });
    const effect = el("span", { class: "tk-effect" });
    const told = adjustable ? [radio, el("label", { for: id }, `${words[end]} `, effect)] : [`${words[end]} `, effect];
    return { end, radio, effect, node: el("span", { class: "tk-end" }, ...told) };
  });
  const shown = radios.filter(({ end }) => adjustable || end !== "central").map((r) => r.node);
  const node = el("div", { class: "tk-assumption", "data-assumption": name }, el("p", {}, said, term),
    el("div", { role: adjustable ? "radiogroup" : "group", "aria-label": name, class: "tk-ends" }, ...shown), values);
  const paint = (assumption, ends, band) => {
    const chosen = ends[field] ?? "central";
    say(said, assumption ? capitalised(assumption.said) : capitalised(name));
    say(term, !assumption ? ": moved from its centre" : assumption.said === name ? "" : ` (${name})`);
    say(values, assumption ? [assumption.values, assumption.source].filter(Boolean).join("; ") : "");
    values.hidden = !assumption;
    for (const { end, radio, effect } of radios) {
      radio.checked = end === chosen;
      const change = assumption?.[end];
      say(effect, change === undefined || Number.isNaN(change) || change === null ? "" : changeText(change / 1e3));
    }
  };
  return { node, paint, name };
}

const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// Up to four kept scenarios as small multiples, and the comparison to take away.
const MOST_KEPT = 4;

function keptBox(d, put) {
  const list = el("div", { class: "tk-kept" });
  const message = el("p", { class: "tk-message", role: "status" });
  let kept = [];
  const csv = () => [["scenario", ...Object.keys(d.titles).flatMap((n) => [`${n}, US$ bn`, `change of ${n}, US$ bn`]), "answer"],
    ...kept.map((k) => [k.title, ...k.figures.flatMap((f) => [f.after, f.change]), k.lead])]
    .map((row) => row.map(quoted).join(",")).join("\r\n").replaceAll(MINUS_SIGN, "-");
  const table = () => [["scenario", ...Object.keys(d.titles).map((n) => `change of ${n}, US$ bn`)],
    ...kept.map((k) => [k.title, ...k.figures.map((f) => f.change)])].map((row) => row.join("\t")).join("\n");
  const tools = el("p", { class: "tk-tools" },
    el("button", { class: "tk-tool", onclick: async () => say(message, (await copyText(table())) ? "The comparison is copied." : "It could not be copied.") }, "Copy as a table"),
    el("button", { class: "tk-tool", onclick: () => download("comparison.csv", csv(), "text/csv") }, "Download CSV"));
  const node = el("section", { class: "tk-chart tk-compare", hidden: true }, el("h3", {}, "Kept scenarios, side by side"),
    el("p", { class: "tk-sub" }, "Change against the baseline, US$ bn a year, all on one scale"), list, tools, message);
  const draw = () => {
    node.hidden = kept.length === 0;
    const size = Math.max(...kept.flatMap((k) => k.figures.map((f) => Math.abs(numberOf(f.change)))), 1e-9);
    list.replaceChildren(...kept.map((k, n) => keptCard(k, n, size, put, (at) => { kept = kept.filter((_, i) => i !== at); draw(); })));
  };
  return {
    node,
    keep(one) {
      if (kept.length >= MOST_KEPT) { say(message, `${MOST_KEPT} are kept: drop one first.`); return false; }
      kept = [...kept, one];
      say(message, "");
      draw();
      return true;
    },
    get kept() { return kept; },
  };
}

const numberOf = (text) => Number(text.replaceAll(",", "").replace(MINUS_SIGN, "-").replace("+", ""));
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function keptCard(one, n, size, put, drop) {
  const body = el("tbody");
  for (const figure of one.figures) {
    const row = barRow(figure.name, capitalised(figure.name), figure.name, [0]);
    row.dataset.flow = figure.name;
    row.querySelector(".tk-flow")?.remove();
    paintBar(row, 0, numberOf(figure.change), -size, size);
    say(row.lastChild, figure.change);
    body.append(row);
  }
  return el("article", { class: "tk-card", "aria-label": one.title },
    el("h4", {}, one.title), el("table", { class: "tk-bars" }, body), el("p", { class: "tk-card-lead" }, one.lead),
    el("p", { class: "tk-tools" },
      el("button", { class: "tk-tool", onclick: () => put(one.shot) }, "Back to it"),
      el("button", { class: "tk-tool", "aria-label": `Drop ${one.title}`, onclick: () => drop(n) }, "Drop")));
}

// What else changes, the levers as sentences, and the code that does the same.
function detailsBox(d) {
  const sentences = el("p", { class: "tk-others" });
  const levers = el("ol", { class: "tk-sentences" });
  const details = el("ul", { class: "tk-details" });
  const foot = el("p", { class: "tk-source" }, `Source: ${d.source.replace(/\.$/, "")}.`);
  const node = el("section", { class: "tk-chart" }, el("h3", {}, "What else changes"), sentences, details,
    el("details", { class: "tk-fold-box" }, el("summary", {}, "The levers in words"), levers), foot);
  const list = (box, items) => {
    const old = box.children;
    while (old.length > items.length) old[old.length - 1].remove();
    while (old.length < items.length) box.append(el("li"));
    items.forEach((item, n) => say(old[n], item));
  };
  return {
    node,
    paint(screen) {
      const { world, bounds, beside } = screen.answer;
      const open = world.includes("not given") ? world : "";
      say(sentences, [bounds, beside, open].filter(Boolean).join(" "));
      list(levers, screen.levers);
      list(details, screen.details);
    },
    refuse: () => { say(sentences, ""); list(levers, []); list(details, []); },
  };
}

function codeBox() {
  const message = el("span", { class: "tk-message", role: "status" });
  const kinds = [["python", "Python"], ["yaml", "YAML"]].map(([kind, words]) => {
    const text = el("pre", { tabindex: 0, role: "group", "aria-label": `The scenario in ${words}`, class: "tk-code", "data-kind": kind });
    const copy = el("button", {
      class: "tk-tool",
      onclick: async () => say(message, (await copyText(text.textContent)) ? `The ${words} is copied.` : "It could not be copied."),
    }, `Copy ${words}`);
    return { kind, text, node: el("details", { class: "tk-fold-box" }, el("summary", {}, `The same in ${words}`), text), copy };
  });
  const node = el("section", { class: "tk-chart" }, el("h3", {}, "Take it with you"),
    el("p", { class: "tk-tools" }, ...kinds.map((k) => k.copy), message), ...kinds.map((k) => k.node));
  return { node, paint: (state) => kinds.forEach((k) => say(k.text, state[k.kind])) };
}

// Choices of model, elasticities' source and horizon.
function choiceBox(d, choose) {
  const selects = d.choices.map(({ name, label, options }) => {
    const id = uniqueId("choice");
    const select = el("select", { id, "data-choice": name, onchange: () => choose(name, select.value) },
      ...options.map(([value, text]) => el("option", { value }, text)));
    return { name, select, node: el("span", { class: "tk-choice" }, el("label", { for: id }, label), select) };
  });
  const node = el("div", { class: "tk-choices", role: "group", "aria-label": "Model" }, ...selects.map((s) => s.node));
  node.hidden = !selects.length;
  return {
    node,
    paint: (choices) => selects.forEach(({ name, select }) => {
      if (select.value !== choices[name]) select.value = choices[name];
    }),
  };
}

// Scenario files: load one, save what is on screen; a file is replaced only when asked.
function fileBox(act) {
  const choice = el("select", { "aria-label": "Scenario to load", class: "tk-file" });
  const name = el("input", { type: "text", value: "my_scenario.yaml", "aria-label": "File name", class: "tk-file-name" });
  const message = el("span", { class: "tk-message", role: "status" });
  const replace = el("button", { class: "tk-tool", hidden: true, onclick: () => act({ do: "save", name: name.value, overwrite: true }) }, "Replace it");
  const handed = el("a", { hidden: true }); // to visitors of a web page nothing is written: the text is theirs to keep
  const node = el("section", { class: "tk-chart tk-files" }, el("h3", {}, "Scenario files"),
    el("p", { class: "tk-tools" }, choice,
      el("button", { class: "tk-tool", onclick: () => act({ do: "load", name: choice.value }) }, "Load")),
    el("p", { class: "tk-tools" }, name,
      el("button", { class: "tk-tool", onclick: () => act({ do: "save", name: name.value, overwrite: false }) }, "Save"), replace),
    el("p", {}, message, " ", handed));
  const paint = ({ files, message: text, exists, file }) => {
    const key = JSON.stringify(files);
    if (choice.dataset.key !== key) {
      const before = choice.value;
      choice.dataset.key = key;
      choice.replaceChildren(el("option", { value: "" }, "none: start afresh"), ...files.map(([value, title]) => el("option", { value }, title)));
      if (files.some(([value]) => value === before)) choice.value = before;
    }
    say(message, text);
    replace.hidden = !exists;
    handed.hidden = !file;
    if (file) {
      handed.download = file[0];
      handed.href = `data:application/yaml;charset=utf-8,${encodeURIComponent(file[1])}`;
      handed.textContent = `Download ${file[0]}`;
    }
  };
  return { node, paint };
}
