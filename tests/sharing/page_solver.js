// Appended to the page's own scripts by test_page_solver.py and run by Node: reads the
// page's data and settings, prints what the page would show.
const { data, settings } = JSON.parse(require("fs").readFileSync(0, "utf8"));
typed(data);
const places = () => Object.fromEntries(data.controls.map((c) => [c.name, c.neutral]));
const states = settings.map(([setting, name]) => {
  const at = places();
  for (const [key, value] of Object.entries(setting)) {
    const control = data.controls.find((c) => c.name === key);
    at[key] = nearestPlace(control, value);
  }
  try {
    const r = compute(data, at, name);
    r.details = detailsOf(data, r);
    r.sentences = r.active.map(({ lever, k }) => unfold(lever.sentence, k));
    r.yaml = yamlOf(data, r.active);
    r.python = pythonOf(data, r.active, name);
    delete r.active;
    return r;
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify(states));
