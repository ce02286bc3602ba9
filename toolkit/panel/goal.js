// What would it take? A figure, its goal and the lever that may move; a kernel answers.

const TIMES = { balance: 0.5, exports: 1.25, imports: 0.5, total: 1.5 }; // of today: a goal to begin with

function goalBox(d, byName, { send, act }) {
  let today = null, year = null, typed = false, chosen = "", offered = null, settings = {}, more = 0;
  const list = () => paintLevers(lever, leversToMove(byName, settings, d.strongest[figure.value]), chosen);
  const begin = () => {
    list();
    if (today && !typed) field.value = String(Number((TIMES[figure.value] * today[figure.value]).toFixed(1)));
  };
  const ask = () => {
    chosen = lever.value;
    send({ do: "goal", figure: figure.value, value: field.value === "" ? null : Number(field.value), lever: lever.value });
  };
  const figure = el("select", { id: uniqueId("goal"), "data-goal": "figure", onchange: () => { chosen = ""; begin(); } }, ...figureOptions(d.goals));
  const field = el("input", {
    type: "number", step: "any", id: uniqueId("goal"), "data-goal": "value",
    oninput: () => { typed = true; }, onkeydown: (event) => { if (event.key === "Enter") ask(); },
  });
  const lever = el("select", { id: uniqueId("goal"), "data-goal": "lever", onchange: () => { chosen = lever.value; } });
  const sentence = el("p", { role: "status", class: "tk-goal-said" });
  const asking = el("button", { class: "tk-tool", onclick: ask }, "Ask");
  const aims = d.aims.map((aim) => el("button", { class: "tk-tool tk-aim", onclick: () => {
    figure.value = aim.figure;
    field.value = String(aim.value);
    typed = true;
    send({ do: "aim", file: aim.file });
  } }, aim.text));
  const move = () => { send({ do: "set", ...offered }); asking.focus(); };
  const set = el("button", { class: "tk-tool", hidden: true, onclick: move }, "Set the lever");
  const paint = (state) => {
    settings = state.settings;
    if (state.screen && (!today || year !== state.choices.year)) {
      today = todayOf(state.screen.figures);
      year = state.choices.year;
      begin();
    }
    if (state.goal.name) chosen = state.goal.name;
    list();
    clearTimeout(more); // between what it lies: once nothing is moved
    if (state.goal.open && state.rests !== false) more = setTimeout(() => act({ do: "ends" }), RESTS);
    say(sentence, state.goal.sentence);
    offered = { name: state.goal.name, value: state.goal.value };
    set.hidden = state.goal.value === null;
  };
  return { node: goalNode({ aims, figure, field, lever, asking, sentence, set }), paint };
}

function goalNode({ aims, figure, field, lever, asking, sentence, set }) {
  const row = (text, input) => el("p", { class: "tk-choice" }, el("label", { for: input.id }, text), input);
  const title = "What would it take?";
  return el("section", { class: "tk-chart tk-goal", "aria-label": title }, el("h3", {}, title),
    el("p", { class: "tk-sub" }, "One lever moves, all else stays as on screen. A deficit is below zero."),
    aims.length ? el("p", { class: "tk-tools" }, ...aims) : "",
    row("Figure", figure), row("US$ bn", field), row("Lever", lever),
    el("p", { class: "tk-tools" }, asking), sentence, el("p", { class: "tk-tools" }, set));
}

const figureOptions = (titles) => ["balance", ...Object.keys(titles).filter((name) => name !== "balance")]
  .map((name) => el("option", { value: name }, titles[name]));

function todayOf(figures) {
  const today = Object.fromEntries(figures.map((one) => [one.name, numberOf(one.before)]));
  return { ...today, total: today.exports + today.imports };
}

// Levers with a number: those in force or in front, by how far each moves the figure;
// the loaded scenario's own first.
function leversToMove(byName, settings, strongest) {
  const place = ({ name }) => strongest.indexOf(name);
  const shown = [...byName.values()].filter((c) => !c.switch && (c.front || c.name in settings));
  return shown.map((c, n) => [c, n]).sort(([a, m], [b, n]) => place(a) - place(b) || m - n).map(([c]) => c);
}

function paintLevers(select, controls, chosen) {
  const key = JSON.stringify(controls.map((control) => control.name));
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    select.replaceChildren(...controls.map((control) => el("option", { value: control.name }, control.chip)));
  }
  if (controls.some((control) => control.name === chosen)) select.value = chosen;
}
