// The page: levers in, the answer out, the setting kept in the address.

function start() {
  const root = document.getElementById("toolkit-explorer");
  const data = typed(JSON.parse(document.getElementById("toolkit-data").textContent));
  const page = { data, count: 0, ...fromFragment(data, location.hash) };
  const link = linkBox();
  page.panel = makePanel(root, { ...data, choices: choicesOf(data) }, (message) => { answer(page, message); }, [link]);
  repaint(page);
  window.addEventListener("hashchange", () => {
    Object.assign(page, fromFragment(data, location.hash));
    repaint(page);
  });
  window.toolkit = api(page);
}

const choicesOf = (data) => [{
  name: "horizon", label: "Horizon", options: Object.entries(data.horizons).map(([name, h]) => [name, h.words]),
}];

// A link to what is on screen, and all levers of the shared scenario taken back.
function linkBox() {
  const message = el("span", { class: "tk-message", role: "status" });
  const copy = el("button", { class: "tk-tool", onclick: async () => {
    say(message, (await copyText(location.href)) ? "The link is copied." : "The link could not be copied.");
  } }, "Copy link");
  return el("section", { class: "tk-chart" }, el("h3", {}, "A link to this setting"), el("p", { class: "tk-tools" }, copy, message));
}

// Do what the panel asks.
function answer(page, message) {
  const { data } = page;
  const byName = Object.fromEntries(data.controls.map((c) => [c.name, c]));
  const placed = (settings) => Object.fromEntries(data.controls.map((c) => [c.name, c.name in settings ? placeOf(c, settings[c.name]) : c.neutral_place]));
  if (message.do === "set") page.places[message.name] = placeOf(byName[message.name], message.value);
  else if (message.do === "all") page.places = placed(message.settings);
  else if (message.do === "put") Object.assign(page, { places: placed(message.settings), choice: message.choices });
  else if (message.do === "year") page.choice = { ...page.choice, year: message.value };
  else if (message.do === "choose") page.choice = { ...page.choice, [message.name]: message.value };
  else if (message.do === "end") page.choice = { ...page.choice, ends: withEnd(page.choice.ends, message.field, message.end) };
  else if (message.do === "reset") Object.assign(page, { places: placed({}), choice: { ...data.choice, ends: {} } });
  else if (message.do === "first") Object.assign(page, firstOf(data));
  repaint(page, !["set", "year"].includes(message.do));
}

function withEnd(ends, field, end) {
  const { [field]: _, ...rest } = ends;
  return end === "central" ? rest : { ...rest, [field]: end };
}

// Compute and paint what the levers say; times in milliseconds go with the state. While a
// lever is dragged (it does not rest) nothing says which lever does most.
function repaint(page, rests = true) {
  const { data, places, choice } = page;
  const began = performance.now();
  const active = activeLevers(data.controls, places); // their texts are those of all years
  let screen = null, error = "", r = null;
  try {
    r = compute(data, places, choice, rests);
    screen = screenOf(data, r);
  } catch (problem) {
    error = problem.message;
  }
  const computed = performance.now();
  page.count += 1;
  const settings = settingsOf(data, places);
  const title = sameSettings(settings, settingsOf(data, firstOf(data).places)) ? data.title : "";
  const state = {
    count: page.count, base: 0, settings, choices: choice, error, refused: [], screen, title, rests,
    yaml: yamlOf(data, active, choice), python: pythonOf(data, active, choice),
  };
  page.panel.paint(state);
  remember(page);
  page.state = { ...state, places: { ...places }, numbers: r, ms: { compute: computed - began, repaint: performance.now() - began } };
}

const sameSettings = (a, b) => JSON.stringify(a) === JSON.stringify(b);

const settingsOf = (data, places) => Object.fromEntries(data.controls
  .filter((c) => places[c.name] !== c.neutral_place).map((c) => [c.name, c.values[places[c.name]]]));

function remember(page) {
  const fragment = toFragment(page.data, page.places, page.choice);
  const { href } = location;
  const address = href.split("#")[0] + (fragment ? `#${fragment}` : "");
  if (address !== href) history.replaceState(null, "", address);
}

// What a test or another script may use.
function api(page) {
  const find = (name) => {
    const control = page.data.controls.find((c) => c.name === name);
    if (!control) throw new Error(`No control is called ${name}.`);
    return control;
  };
  return {
    controls: page.data.controls.map(({ name, values, neutral }) => ({ name, values, neutral })),
    get: (name) => { const c = find(name); return c.values[page.places[c.name]]; },
    set(settings, choice) {
      for (const [name, value] of Object.entries(settings)) page.places[name] = placeOf(find(name), value);
      if (choice) page.choice = { ...page.choice, ...choice };
      repaint(page);
    },
    first: () => answer(page, { do: "first" }),
    clear: () => answer(page, { do: "reset" }),
    get state() { return page.state; },
  };
}

start();
