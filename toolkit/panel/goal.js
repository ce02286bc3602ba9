// What would it take? A figure, its goal and the lever that may move; a kernel answers.

const TIMES = { balance: 0.5, exports: 2, imports: 0.5, total: 1.5 }; // of today: a goal to begin with

function goalBox(d, byName, send) {
  let today = null, typed = false, chosen = "", offered = null;
  const begin = () => { if (today && !typed) field.value = String(Number((TIMES[figure.value] * today[figure.value]).toFixed(1))); };
  const ask = () => {
    chosen = lever.value;
    send({ do: "goal", figure: figure.value, value: field.value === "" ? null : Number(field.value), lever: lever.value });
  };
  const figure = el("select", { id: uniqueId("goal"), "data-goal": "figure", onchange: begin }, ...figureOptions(d.goals));
  const field = el("input", {
    type: "number", step: "any", id: uniqueId("goal"), "data-goal": "value",
    oninput: () => { typed = true; }, onkeydown: (event) => { if (event.key === "Enter") ask(); },
  });
  const lever = el("select", { id: uniqueId("goal"), "data-goal": "lever", onchange: () => { chosen = lever.value; } });
  const sentence = el("p", { role: "status", class: "tk-goal-said" });
  const asking = el("button", { class: "tk-tool", onclick: ask }, "Ask");
  const move = () => { send({ do: "set", ...offered }); asking.focus(); };
  const set = el("button", { class: "tk-tool", hidden: true, onclick: move }, "Set the lever");
  const paint = (state) => {
    if (state.screen && !today) { today = todayOf(state.screen.figures); begin(); }
    paintLevers(lever, leversToMove(byName, state.settings), chosen);
    say(sentence, state.goal.sentence);
    offered = { name: state.goal.name, value: state.goal.value };
    set.hidden = state.goal.value === null;
  };
  return { node: goalNode({ figure, field, lever, asking, sentence, set }), paint };
}

function goalNode({ figure, field, lever, asking, sentence, set }) {
  const row = (text, input) => el("p", { class: "tk-choice" }, el("label", { for: input.id }, text), input);
  const title = "What would it take?";
  return el("section", { class: "tk-chart tk-goal", "aria-label": title }, el("h3", {}, title),
    el("p", { class: "tk-sub" }, "One lever moves, all else stays as on screen. A deficit is below zero."),
    row("Figure", figure), row("US$ bn", field), row("Lever", lever),
    el("p", { class: "tk-tools" }, asking), sentence, el("p", { class: "tk-tools" }, set));
}

const figureOptions = (titles) => ["balance", ...Object.keys(titles).filter((name) => name !== "balance")]
  .map((name) => el("option", { value: name }, titles[name]));

function todayOf(figures) {
  const today = Object.fromEntries(figures.map((one) => [one.name, numberOf(one.before)]));
  return { ...today, total: today.exports + today.imports };
}

// Levers with a number: those in force, then those in front.
function leversToMove(byName, settings) {
  const numeric = [...byName.values()].filter((control) => !control.switch);
  const moved = numeric.filter((control) => control.name in settings);
  return [...moved, ...numeric.filter((control) => control.front && !moved.includes(control))];
}

function paintLevers(select, controls, chosen) {
  const key = JSON.stringify(controls.map((control) => control.name));
  if (select.dataset.key === key) return;
  select.dataset.key = key;
  select.replaceChildren(...controls.map((control) => el("option", { value: control.name }, control.chip)));
  if (controls.some((control) => control.name === chosen)) select.value = chosen;
}
