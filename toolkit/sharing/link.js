// The setting in the address: name=value pairs after the hash, nothing else read.

// Where levers and choices stand when the page opens.
const firstOf = (data) => ({
  places: Object.fromEntries(data.controls.map((c) => [c.name, c.start])),
  choice: { ...data.choice, ends: { ...data.choice.ends } },
});

function toFragment(data, places, choice) {
  const pairs = new URLSearchParams();
  for (const c of data.controls) {
    if (places[c.name] !== c.start) pairs.set(c.name, c.values[places[c.name]]);
  }
  for (const field of data.adjustable) {
    const end = choice.ends[field] ?? "central";
    if (end !== (data.choice.ends[field] ?? "central")) pairs.set(field, end);
  }
  if (choice.horizon !== data.choice.horizon) pairs.set("horizon", choice.horizon);
  if (choice.year) pairs.set("year", choice.year);
  return pairs.toString();
}

// Unknown names and anything that is not a number or a known word are left out.
function fromFragment(data, text) {
  const pairs = new URLSearchParams(text.replace(/^#/, ""));
  const { places, choice } = firstOf(data);
  for (const c of data.controls) {
    const given = pairs.get(c.name);
    if (given !== null && given.trim() !== "" && Number.isFinite(Number(given))) {
      places[c.name] = nearestPlace(c, Number(given));
    }
  }
  for (const field of data.adjustable) {
    const end = pairs.get(field);
    if (end === "central") delete choice.ends[field];
    else if (end === "low" || end === "high") choice.ends[field] = end;
  }
  const horizon = pairs.get("horizon") ?? "";
  if (Object.hasOwn(data.horizons, horizon)) choice.horizon = horizon;
  const year = Number(pairs.get("year"));
  if (data.years.some(([at]) => at === year)) choice.year = year;
  return { places, choice };
}

function nearestPlace(control, value) {
  let best = 0;
  control.values.forEach((v, k) => {
    if (Math.abs(v - value) < Math.abs(control.values[best] - value)) best = k;
  });
  return best;
}
