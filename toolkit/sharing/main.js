// The page: controls in, figures out, the setting kept in the address.

function start() {
  const root = document.getElementById("toolkit-explorer");
  const data = typed(JSON.parse(document.getElementById("toolkit-data").textContent));
  const page = { root, data, views: {}, state: null, timer: 0, ...fromFragment(data, location.hash) };
  listen(page);
  page.ready = drawCharts(page).then(() => repaint(page));
  repaint(page);
  window.toolkit = api(page);
}

function drawCharts(page) {
  const specs = JSON.parse(document.getElementById("toolkit-specs").textContent);
  return Promise.all(Object.entries(specs).map(([name, { spec, param }]) => {
    const element = document.getElementById(`toolkit-chart-${name}`);
    return keepFitted(element, spec, (view) => {
      page.views[name] = { view, param };
      if (page.state && !page.state.error) show(page.views[name], page.state[name]);
    });
  }));
}

const show = ({ view, param }, values) => view.signal(param, Array.from(values)).run();

// Compute and paint what the controls say; times in milliseconds go with the state.
function repaint(page) {
  const { root, data, places, name } = page;
  const began = performance.now();
  let result;
  try {
    result = compute(data, places, name);
  } catch (error) {
    result = { error: error.message };
  }
  const computed = performance.now();
  paintControls(root, data, places, name);
  root.classList.toggle("unsolved", Boolean(result.error));
  if (result.error) paintError(page, result.error);
  else paintResult(page, result);
  remember(page);
  const ms = { compute: computed - began, repaint: performance.now() - began };
  page.state = { ...result, places: { ...places }, case: name, ms };
}

function paintResult(page, r) {
  const { root, data } = page;
  r.details = detailsOf(data, r);
  r.sentences = r.active.map(({ lever, k }) => unfold(lever.sentence, k));
  r.yaml = yamlOf(data, r.active);
  r.python = pythonOf(data, r.active, page.name);
  paintFigures(root, r);
  paintTables(root, data, r);
  putList(root.querySelector("#toolkit-details"), r.details);
  putList(root.querySelector("#toolkit-levers"), r.sentences);
  root.querySelector("#toolkit-none").hidden = r.sentences.length > 0;
  put(root.querySelector("#toolkit-yaml"), r.yaml);
  put(root.querySelector("#toolkit-python"), r.python);
  for (const [name, drawnView] of Object.entries(page.views)) show(drawnView, r[name]);
  speakLater(page, spokenOf(r.balance));
  delete r.active;
}

function paintError(page, message) {
  for (const part of page.root.querySelectorAll("[data-part]")) put(part, "\u2013");
  putList(page.root.querySelector("#toolkit-details"), [`Not solved: ${message}`]);
  speakLater(page, `Not solved: ${message}`);
}

// A screen reader hears the figures once the slider rests.
function speakLater(page, text) {
  clearTimeout(page.timer);
  page.timer = setTimeout(() => put(document.getElementById("toolkit-spoken"), text), 700);
}

function remember(page) {
  const fragment = toFragment(page.data, page.places, page.name);
  const { href } = location;
  const address = href.split("#")[0] + (fragment ? `#${fragment}` : "");
  if (address !== href) history.replaceState(null, "", address);
}

function listen(page) {
  const byName = Object.fromEntries(page.data.controls.map((c) => [c.name, c]));
  page.root.querySelector(".levers").addEventListener("input", ({ target }) => {
    if (target.name === "case") page.name = target.value;
    const box = target.closest("[data-control]");
    if (box) {
      const control = byName[box.dataset.control];
      page.places[control.name] = control.switch
        ? (target.checked ? control.values.length - 1 : control.neutral)
        : nearestPlace(control, Number(target.value));
    }
    repaint(page);
  });
  page.root.querySelector(".levers").addEventListener("submit", (event) => event.preventDefault());
  page.root.querySelector(".buttons").addEventListener("click", ({ target }) => act(page, target.dataset.do));
  window.addEventListener("hashchange", () => {
    Object.assign(page, fromFragment(page.data, location.hash));
    repaint(page);
  });
}

async function act(page, what) {
  if (what === "reset" || what === "clear") {
    const place = what === "reset" ? "start" : "neutral";
    for (const c of page.data.controls) page.places[c.name] = c[place];
    if (what === "reset") page.name = page.data.case;
    repaint(page);
    return;
  }
  const text = { link: location.href, yaml: page.state.yaml, python: page.state.python }[what];
  if (!text) return;
  const words = { link: "The link", yaml: "The YAML", python: "The Python code" }[what];
  const done = await copied(text);
  put(page.root.querySelector("#toolkit-message"), done ? `${words} is copied.` : `${words} could not be copied.`);
}

// What a test or another script may use.
function api(page) {
  const find = (name) => {
    const control = page.data.controls.find((c) => c.name === name);
    if (!control) throw new Error(`No control is called ${name}.`);
    return control;
  };
  return {
    ready: page.ready,
    controls: page.data.controls.map(({ name, values, neutral }) => ({ name, values, neutral })),
    get: (name) => { const c = find(name); return c.values[page.places[c.name]]; },
    set(settings, elasticities) {
      for (const [name, value] of Object.entries(settings)) {
        const control = find(name);
        page.places[name] = nearestPlace(control, value);
      }
      if (elasticities) page.name = elasticities;
      repaint(page);
    },
    reset: () => act(page, "reset"),
    clear: () => act(page, "clear"),
    get state() { return page.state; },
  };
}

start();
