// From settings to shocks: which levers stand, and what each sets on which flows.
// The effects were computed by Python at every position of every slider. Each
// function names the Python that it follows.

const number = (x) => (x === null ? NaN : x === "inf" ? Infinity : x === "-inf" ? -Infinity : x);

// sharing.payload, read back: the numbers as typed arrays.
function typed(data) {
  for (const name of ["value", "rate", "share", "spending"]) {
    data[name] = Float64Array.from(data[name].map(number));
  }
  for (const set of Object.values(data.elasticities)) {
    for (const key of Object.keys(set)) set[key] = Float64Array.from(set[key].map(number));
  }
  return data;
}

// sharing.probe.folded, read back: the text of a lever at one position.
function unfold(text, k) {
  if (typeof text === "string") return text;
  return text.head + text.middle[k] + text.tail;
}

function itemAt(list, k) {
  const where = list.where[k];
  return where === null ? [] : list.items[where];
}

// sharing.probe.described, read back: the n-th value of a channel at position k.
function valueAt(form, k, n) {
  if ("all" in form) return number(form.all);
  if ("line" in form) return number(form.line[n]);
  if ("at" in form) return number(form.at[k]);
  if ("grid" in form) return number(form.grid[k][n]);
  const share = (k - form.from) / (form.to - form.from);
  return form.low[n] * (1 - share) + form.high[n] * share;
}

// explorer.control.scenario_of: the levers that stand, in order; `places` maps name
// to position.
function activeLevers(controls, places) {
  const on = {};
  for (const c of controls) on[c.name] = places[c.name] !== c.neutral;
  const out = [];
  for (const c of controls) {
    if (!on[c.name]) continue;
    const series = c.switched_by && on[c.switched_by] ? c.on : c.off;
    for (const lever of series) out.push({ lever, k: places[c.name], name: c.name });
  }
  return out;
}

// market.shocks.compose: all channels as arrays, the later lever winning on the same.
function compose(data, active) {
  const size = data.value.length;
  const channels = {};
  for (const [name, { neutral }] of Object.entries(data.channels)) {
    channels[name] = new Float64Array(size).fill(number(neutral));
  }
  channels.rate.set(data.rate);
  const setters = new Map();
  active.forEach(({ lever, k }, which) => {
    for (const [name, form] of Object.entries(lever.channels)) {
      const lines = form.only ? form.only.map((n) => lever.lines[n]) : lever.lines;
      for (let n = 0; n < lines.length; n += 1) {
        const value = valueAt(form, k, n);
        if (Number.isNaN(value)) continue;
        channels[name][lines[n]] = value;
        noteSetter(setters, name, lines[n], which);
      }
    }
  });
  return { channels, overrides: overridden(setters, data.product) };
}

// market.channels.product_of: the product of the channels of a role, flow by flow.
function productOf(data, channels, role) {
  const out = new Float64Array(data.value.length).fill(1);
  for (const [name, channel] of Object.entries(data.channels)) {
    if (channel.role !== role) continue;
    for (let i = 0; i < out.length; i += 1) out[i] *= channels[name][i];
  }
  return out;
}

// market.shocks.Shocks: the products that the solver and the accounts read.
function rolesOf(data, channels) {
  const of = (role) => productOf(data, channels, role);
  return { wedge: of("wedge"), cost: of("cost"), iceberg: of("iceberg"), barrier: of("barrier") };
}

function noteSetter(setters, name, line, which) {
  const key = `${name} ${line}`;
  const before = setters.get(key);
  if (before) before.push(which);
  else setters.set(key, [which]);
}

// market.shocks.overlaps: which lever overrides which, with the products.
function overridden(setters, product) {
  const pairs = new Map();
  for (const [key, which] of setters) {
    if (which.length < 2) continue;
    const code = product[Number(key.slice(key.indexOf(" ") + 1))];
    for (let a = 0; a < which.length; a += 1) {
      for (let b = a + 1; b < which.length; b += 1) {
        const pair = which[a] * 1e6 + which[b];
        if (!pairs.has(pair)) pairs.set(pair, new Set());
        pairs.get(pair).add(code);
      }
    }
  }
  return [...pairs].sort((x, y) => x[0] - y[0]).map(([pair, codes]) => ({
    earlier: Math.floor(pair / 1e6), later: pair % 1e6, codes: [...codes].sort(),
  }));
}

// market.shocks.shocks_of: the remarks of the levers and the overlaps, each once.
function notesOf(active, overrides) {
  const notes = [];
  for (const { lever, k } of active) notes.push(...itemAt(lever.notes, k));
  const sentence = (n) => unfold(active[n].lever.sentence, active[n].k);
  for (const { earlier, later, codes } of overrides) {
    const shown = codes.slice(0, 6).join(", ") + (codes.length > 6 ? " ..." : "");
    notes.push(`'${sentence(later)}' overrides '${sentence(earlier)}' on ${shown}.`);
  }
  return [...new Set(notes)];
}
