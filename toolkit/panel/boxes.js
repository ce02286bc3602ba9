// The boxes beside levers and charts: answer, figures, questions, chips, what the
// answer hangs on, what else changes, and choices.

function answerBox() {
  const lead = el("p", { class: "tk-lead" });
  const goods = el("span"), rest = el("span");
  const more = el("p", { class: "tk-more" }, goods, " ", rest);
  const node = el("section", { class: "tk-answer", "aria-label": "Answer" }, lead, more);
  return {
    node,
    // What takes longest to say stays withdrawn, in its place, until the lever rests.
    paint(answer, rests, against) {
      say(lead, answer.balance);
      const world = answer.world.includes("not given") ? "" : answer.world;
      say(goods, [against, world, answer.goods].filter(Boolean).join(" "));
      rest.classList.toggle("tk-withdrawn", !rests);
      if (rests) say(rest, [answer.levers, answer.others].filter(Boolean).join(" "));
    },
    refuse(message) {
      say(lead, `Not solved: ${message}`);
      say(rest, "");
      say(goods, "The figures and charts of the last answer are withdrawn: take back a lever or choose another model.");
    },
  };
}

// What a change in a year of the path is a change of.
const againstText = (year, moved) => (!year ? ""
  : moved ? `Compared with ${year} without the levers.` : `Growth and prices alone make ${year} of the baseline.`);

function figureBoxes(d) {
  const parts = {};
  const node = el("div", { class: "tk-figures" }, ...Object.entries(d.titles).map(([name, title]) => {
    const value = el("span", { class: "tk-value" });
    const change = el("span", { class: "tk-change" });
    const share = el("span", { class: "tk-share" });
    const before = el("span", { class: "tk-was" }), when = el("span");
    parts[name] = { value, change, share, before, when };
    return el("div", { class: `tk-figure tk-${name}`, "data-figure": name },
      el("h3", {}, title),
      el("p", { class: "tk-amount" }, value, el("small", {}, " US$ bn")),
      el("p", { class: "tk-moved-by" }, el("span", { class: "tk-spoken" }, "change "), change, share, el("span", { class: "tk-from" }, " from ", before, when)));
  }));
  const set = (name, figure) => {
    say(parts[name].value, figure.after);
    say(parts[name].change, figure.change);
    say(parts[name].share, figure.share ? ` (${figure.share})` : "");
    say(parts[name].before, figure.before);
  };
  return {
    node,
    paint: (figures, year) => figures.forEach((figure) => {
      set(figure.name, figure);
      say(parts[figure.name].when, year ? ` in ${year} without the levers` : "");
    }),
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
  const reset = button("Reset", "reset", "Put every lever back to today, and the year");
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
      el("button", { class: "tk-chip-name", onclick: () => handlers.goTo(chip) }, chip.text),
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
    const told = adjustable ? [radio, el("label", { for: id }, `${words[end]} `, effect)] : [el("span", {}, `${words[end]} `, effect)];
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

// What else changes, and the levers as sentences.
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
      node.classList.toggle("tk-withdrawn", !screen.details);
      if (!screen.details) return;
      const { world, bounds, beside } = screen.answer;
      const open = world.includes("not given") ? world : "";
      say(sentences, [bounds, beside, open].filter(Boolean).join(" "));
      list(levers, screen.levers);
      list(details, screen.details);
    },
    refuse: () => { say(sentences, ""); list(levers, []); list(details, []); },
  };
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
      if (name !== "horizon") return;
      select.disabled = (choices.year ?? null) !== null; // a year is so far from the change as it is
      select.title = select.disabled ? "The year says how far trade has adjusted" : "";
    }),
  };
}
