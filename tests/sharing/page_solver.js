// Appended to the page's own scripts by test_page_solver.py and run by Node: reads the
// page's data and settings, prints what the page would show.
const { data, settings } = JSON.parse(require("fs").readFileSync(0, "utf8"));
typed(data);
const places = () => Object.fromEntries(data.controls.map((c) => [c.name, c.neutral_place]));
const states = settings.map(([setting, choice]) => {
  const at = places();
  for (const [key, value] of Object.entries(setting)) {
    const control = data.controls.find((c) => c.name === key);
    at[key] = nearestPlace(control, value);
  }
  try {
    const r = compute(data, at, choice);
    const screen = screenOf(data, r);
    const yaml = yamlOf(data, r.active, choice), python = pythonOf(data, r.active, choice);
    delete r.active;
    return { numbers: r, screen, yaml, python };
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify(states));
