// The panel: levers on the left, the answer and its charts on the right. `d` is what
// never changes (explorer.screen.panel_of), a state what follows the levers, and
// `act(message)` asks for another state. `extra` are boxes of the page's own.

const LATE = 300; // milliseconds after which an answer that has not come is withdrawn
const RESTS = 250; // milliseconds after which a lever is no longer dragged

function makePanel(root, d, act, extra = []) {
  const byName = new Map(d.controls.map((c) => [c.name, c]));
  const history = makeHistory();
  const panel = { state: null, waiting: 0, spoken: 0 };
  const send = (message) => { wait(root, panel); act(message); };
  const put = (shot) => { if (shot) { fresh(); send({ do: "put", ...shot }); } };
  const levers = leverList(d, (name, value) => send({ do: "set", name, value }));
  const boxes = makeBoxes(d, byName, { send, act, put, history, levers, panel, fresh: () => fresh() });
  const charts = [boxes.moves, boxes.flows, boxes.suppliers];
  const fresh = () => charts.forEach((chart) => chart.clear());
  const spoken = el("p", { class: "tk-spoken", role: "status", "aria-live": "polite" });
  layOut(root, levers, boxes, spoken, extra);
  root.addEventListener("keydown", (event) => onKey(event, history, put));
  const paint = (state) => {
    arrived(root, panel);
    if (panel.state?.base !== state.base) {
      for (const name of [...byName.keys()]) if (name.startsWith("lever:")) byName.delete(name);
      for (const control of state.own ?? []) byName.set(control.name, control);
      if (state.own) levers.replaceOwn(state.own);
      fresh();
    }
    if (Object.keys(state.settings).length === 0) fresh();
    history.note(state);
    panel.state = state;
    clearTimeout(panel.resting);
    const ranged = !state.screen || state.screen.band;
    if (!ranged) act({ do: "range" });
    else if (state.rests === false) panel.resting = setTimeout(() => act({ do: "rest" }), RESTS);
    root.dataset.rests = String(state.rests !== false);
    paintState(root, state, { d, boxes, levers, byName, history, spoken, panel });
  };
  return { paint, levers, history, put, get state() { return panel.state; }, get kept() { return boxes.kept.kept; } };
}

function makeBoxes(d, byName, { send, act, put, history, levers, panel, fresh }) {
  const set = (settings) => send({ do: "all", settings });
  const keep = () => {
    const { state } = panel;
    if (!state.screen) return;
    const one = { title: titleOf(state, d, byName), figures: state.screen.figures, lead: state.screen.answer.balance, shot: snapshotOf(state) };
    if (boxes.kept.keep(one)) send({ do: "keep" });
  };
  const boxes = {
    answer: answerBox(), figures: figureBoxes(d),
    questions: questionBox(d, (settings) => { fresh(); set(settings); }),
    chips: chipBox({
      undo: () => put(history.undo()), redo: () => put(history.redo()), reset: () => { fresh(); send({ do: "reset" }); }, keep,
      goTo: (chip) => (chip.year ? boxes.year.focus() : levers.goTo(chip.name)),
      remove: (chip) => send(takenBack(chip, byName)),
    }),
    year: yearBox(d, (value) => send({ do: "year", value })),
    choices: choiceBox(d, (name, value) => send({ do: "choose", name, value })),
    moves: movesChart(d), flows: flowsChart(d), suppliers: suppliersChart(d),
    hangs: hangsBox(d, (field, end) => send({ do: "end", field, end })),
    kept: keptBox(d, put), details: detailsBox(d), code: codeBox(),
    files: d.files ? fileBox(send) : null,
    goal: d.goals ? goalBox(d, byName, { send, act }) : null,
  };
  return boxes;
}

function layOut(root, levers, boxes, spoken, extra) {
  const top = el("div", { class: "tk-top" }, boxes.answer.node, boxes.figures.node, boxes.year?.node ?? "", boxes.chips.node);
  const column = (...nodes) => el("div", { class: "tk-column" }, ...nodes);
  const rest = el("div", { class: "tk-results" },
    column(boxes.moves.node, boxes.hangs.node, boxes.suppliers.node),
    column(boxes.flows.node, boxes.details.node),
    el("div", { class: "tk-wide" }, boxes.kept.node, boxes.goal?.node ?? "", boxes.code.node, boxes.files?.node ?? "", ...extra));
  const left = el("div", { class: "tk-left" }, levers.node, boxes.choices.node);
  root.classList.add("tk-explorer");
  root.replaceChildren(el("div", { class: "tk-grid" }, boxes.questions.node, top, left, rest), spoken);
}

function paintState(root, state, { d, boxes, levers, byName, history, spoken, panel }) {
  const year = yearOf(d, state.choices), against = againstText(year, Object.keys(state.settings).length);
  levers.paint(state.settings);
  boxes.year?.paint(state.choices);
  boxes.questions.paint(Object.keys(state.choices.ends ?? {}).some((f) => state.choices.ends[f] !== "central") ? { "": 0 } : state.settings);
  boxes.choices.paint(state.choices);
  boxes.chips.paint(chipsOf(state, byName, d), history.can());
  boxes.code.paint(state);
  boxes.files?.paint(state);
  boxes.goal?.paint(state);
  root.classList.toggle("tk-unsolved", Boolean(state.error));
  if (state.error) {
    boxes.answer.refuse(state.error);
    boxes.figures.refuse();
    boxes.details.refuse();
  } else {
    const { screen } = state;
    boxes.answer.paint(screen.answer, state.rests !== false, against);
    boxes.figures.paint(screen.figures, year);
    const cut = boxes.moves.count;
    boxes.moves.paint(screen.charts.slice(0, cut));
    boxes.flows.paint(screen.charts.slice(cut), screen.before, year);
    boxes.suppliers.paint(screen.suppliers, year);
    boxes.hangs.paint(screen, state.choices.ends ?? {});
    boxes.details.paint(screen);
  }
  clearTimeout(panel.spoken);
  const words = state.error ? `Not solved: ${state.error}` : [state.screen.answer.balance, against].filter(Boolean).join(" ");
  panel.spoken = setTimeout(() => say(spoken, words), 700);
}

function chipsOf(state, byName, d) {
  const levers = Object.keys(state.settings).filter((name) => byName.has(name)).map((name) => {
    const control = byName.get(name);
    return { name, text: `${control.chip}: ${sizeText(control, state.settings[name])}`, refused: (state.refused ?? []).includes(name) };
  });
  const ends = Object.entries(state.choices.ends ?? {}).filter(([, end]) => end !== "central")
    .map(([field, end]) => ({ end: field, text: `${capitalised(field.replaceAll("_", " "))}: ${end} end` }));
  const year = yearOf(d, state.choices);
  return [...levers, ...ends, ...(year ? [{ year: true, text: `Year: ${year}` }] : [])];
}

function takenBack(chip, byName) {
  if (chip.year) return { do: "year", value: null };
  if (chip.end) return { do: "end", field: chip.end, end: "central" };
  return { do: "set", name: chip.name, value: byName.get(chip.name).neutral };
}

function titleOf(state, d, byName) {
  const year = yearOf(d, state.choices);
  const title = titleAt(state, d, byName);
  return year && !title.includes(`Year: ${year}`) ? `${title} (${year})` : title;
}

function titleAt(state, d, byName) {
  const asked = d.questions.find((q) => sameShot(sorted(q.settings), sorted(state.settings)));
  if (asked) return asked.text;
  if (state.title) return state.title;
  const chips = chipsOf(state, byName, d).map((chip) => chip.text);
  return chips.length ? chips.slice(0, 3).join("; ") + (chips.length > 3 ? ` and ${chips.length - 3} more` : "") : "As in the baseline";
}

const sorted = (settings) => Object.entries(settings).sort();

// Undo and redo by keys, except where a field of text has its own.
function onKey(event, history, put) {
  if (!(event.ctrlKey || event.metaKey)) return;
  const typing = event.target.matches?.('input[type="search"], input[type="text"], input[type="number"], textarea');
  const key = event.key.toLowerCase();
  if (typing || !["z", "y"].includes(key)) return;
  event.preventDefault();
  event.stopPropagation();
  put(key === "y" || event.shiftKey ? history.redo() : history.undo());
}

// Until its answer comes, what is on screen belongs to other levers: it is withdrawn.
function wait(root, panel) {
  if (!panel.waiting) panel.waiting = setTimeout(() => root.classList.add("tk-waiting"), LATE);
}

function arrived(root, panel) {
  clearTimeout(panel.waiting);
  panel.waiting = 0;
  root.classList.remove("tk-waiting");
}
