// The setting in the address: name=value pairs after the hash, nothing else read.

function toFragment(data, places, name) {
  const pairs = new URLSearchParams();
  for (const c of data.controls) {
    if (places[c.name] !== c.start) pairs.set(c.name, c.values[places[c.name]]);
  }
  if (name !== data.case) pairs.set("elasticities", name);
  return pairs.toString();
}

// Unknown names and anything that is not a number are left out.
function fromFragment(data, text) {
  const pairs = new URLSearchParams(text.replace(/^#/, ""));
  const places = Object.fromEntries(data.controls.map((c) => [c.name, c.start]));
  for (const c of data.controls) {
    const given = pairs.get(c.name);
    if (given !== null && given.trim() !== "" && Number.isFinite(Number(given))) {
      places[c.name] = nearestPlace(c, Number(given));
    }
  }
  const asked = pairs.get("elasticities");
  const name = Object.hasOwn(data.elasticities, asked ?? "") ? asked : data.case;
  return { places, name };
}

function nearestPlace(control, value) {
  let best = 0;
  control.values.forEach((v, k) => {
    if (Math.abs(v - value) < Math.abs(control.values[best] - value)) best = k;
  });
  return best;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
}
