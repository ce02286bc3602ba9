// What a reader takes along: kept scenarios side by side, code, scenario files.

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
    el("p", { class: "tk-sub" }, "Change against the baseline, or the same year without the levers, US$ bn a year, all on one scale"), list, tools, message);
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
  const paint = (state) => {
    node.classList.toggle("tk-withdrawn", state.yaml === null);
    if (state.yaml !== null) kinds.forEach((k) => say(k.text, state[k.kind]));
  };
  return { node, paint };
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
