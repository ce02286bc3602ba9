// From settings to shocks: which levers stand, and what each sets on which flows.
// The effects were computed by Python at every position of every slider. Each
// function names the Python that it follows.

// sharing.probe.plain, read back: one number.
const number = (x) => (x === null ? NaN : x === "inf" ? Infinity : x === "-inf" ? -Infinity : x);

// sharing.payload, read back: the numbers as typed arrays.
function typed(data) {
  for (const name of ["value", "rate", "mfn", "kept", "share", "spending", "kilotonnes"]) {
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

// sharing.probe.listed, read back: the items at one position.
function itemAt(list, k) {
  const where = list.where[k];
  return where === null ? [] : list.items[where];
}

// sharing.probe._targets, read back: the least sum that a lever sets at one position.
function targetsAt({ targets }, k) {
  return targets ? [{ where: targets.where, amount: targets.amount, total: targets.totals[k] }] : [];
}

// sharing.probe.described, read back: the n-th value of a channel at position k, where the
// control stands at x.
function valueAt(form, k, n, x) {
  if ("all" in form) return number(form.all);
  if ("line" in form) return number(form.line[n]);
  if ("at" in form) return number(form.at[k]);
  if ("grid" in form) return number(form.grid[k][n]);
  const share = (x - form.from) / (form.to - form.from);
  return form.low[n] * (1 - share) + form.high[n] * share;
}

// explorer.control.scenario_of: the levers that stand, in order; `places` maps name
// to position.
function activeLevers(controls, places) {
  const on = {};
  for (const c of controls) on[c.name] = places[c.name] !== c.neutral_place;
  const out = [];
  for (const c of controls) {
    if (!on[c.name]) continue;
    const series = c.switched_by && on[c.switched_by] ? c.on : c.off;
    for (const lever of series) out.push({ lever, k: places[c.name], x: c.values[places[c.name]], name: c.name });
  }
  return out;
}

// market.composition.combined: what two levers make of a channel; NaN stands for not set.
function combined({ combine, neutral }, first, second) {
  if (combine === "lowest" || combine === "highest") {
    if (Number.isNaN(first)) return second;
    if (Number.isNaN(second)) return first;
    return combine === "lowest" ? Math.min(first, second) : Math.max(first, second);
  }
  const other = Number.isNaN(second) ? number(neutral) : second;
  return combine === "product" ? first * other : first + other;
}

// market.composition.compose: all channels as arrays, each by its own rule.
function compose(data, active, told = true) {
  const size = data.value.length;
  const channels = {};
  for (const [name, { neutral }] of Object.entries(data.channels)) {
    channels[name] = new Float64Array(size).fill(number(neutral));
  }
  const targets = [];
  active.forEach(({ lever, k, x }) => {
    for (const [name, form] of Object.entries(lever.channels)) {
      const lines = form.only ? form.only.map((n) => lever.lines[n]) : lever.lines;
      lines.forEach((line, n) => {
        const value = valueAt(form, k, n, x);
        channels[name][line] = combined(data.channels[name], channels[name][line], value);
      });
    }
    targets.push(...targetsAt(lever, k));
  });
  channels.floor = floors(data, channels, targets);
  return { channels, meetings: told ? meetings(data, active) : [] };
}

// market.composition.floors: the least quantity of each flow that keeps all targets.
function floors(data, channels, targets) {
  const out = new Float64Array(data.value.length);
  const key = (t) => [t.where.length, ...t.where, t.total];
  const sorted = [...targets].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    const at = x.findIndex((value, n) => value !== y[n]);
    return at < 0 ? 0 : x[at] - y[at];
  });
  for (const { where, amount, total } of sorted) {
    const amounts = where.map((i, n) => (amount[n] !== null ? amount[n]
      : data.value[i] > 0 ? data.value[i] : channels.newcomer[i]));
    const level = filledTo(where.map((i) => out[i]), amounts, total);
    where.forEach((i) => { out[i] = Math.max(out[i], level); });
  }
  return out;
}

// market.composition._filled: the level at which the amounts reach the total.
function filledTo(held, amounts, total) {
  const order = held.map((_, n) => n).sort((a, b) => held[a] - held[b] || a - b);
  let below = 0;
  for (let count = 1; count <= order.length; count += 1) {
    below += amounts[order[count - 1]];
    const rest = order.slice(count).reduce((sum, n) => sum + held[n] * amounts[n], 0);
    const level = below > 0 ? (total - rest) / below : 0;
    if (count === order.length || level <= held[order[count]]) return level;
  }
  return 0;
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

// market.shocks.Shocks.barrier_part: today's power of one part of the barriers, its hat.
function barrierPart(ch, part, i) {
  const whole = ch.ntm_resource[i] + ch.ntm_rent_importer[i] + ch.ntm_rent_exporter[i]
    + ch.ntm_fee[i];
  const share = whole > 0 ? ch[`ntm_${part}`][i] / whole : 0;
  const power = 1 + ch.ntm_ave[i];
  return [power ** share, ((1 + ch.ntm_ave[i] * ch.ntm_left[i]) / power) ** share];
}

// market.shocks.Shocks.rate: MFN levers first, then the best preference, the lowest of all.
function rateOf(data, ch, i) {
  const set = !Number.isNaN(ch.mfn_rate[i]);
  let mfn = set ? ch.mfn_rate[i] : data.mfn[i];
  let paid = set ? mfn * data.kept[i] : data.rate[i];
  if (!Number.isNaN(ch.extra_rate[i])) mfn = paid = ch.extra_rate[i];
  if (ch.preference[i] < 1) paid = Math.min(paid, mfn * ch.preference[i]);
  return Number.isNaN(ch.own_rate[i]) ? paid : Math.min(paid, ch.own_rate[i]);
}

// market.shocks.Shocks: what the solver and the accounts read of the channels.
function shocksOf(data, ch) {
  const of = (role) => productOf(data, ch, role);
  const s = { wedge: of("wedge"), cost: of("cost"), iceberg: of("iceberg"), growth: of("size") };
  for (const name of ["rate", "cap", "disrupted", "keeps", "barrier", "eased", "exporter", "exporterEased"]) {
    s[name] = new Float64Array(data.value.length);
  }
  for (let i = 0; i < data.value.length; i += 1) {
    s.rate[i] = rateOf(data, ch, i);
    const [importer, importerEased] = barrierPart(ch, "rent_importer", i);
    const [fee, feeEased] = barrierPart(ch, "fee", i);
    [s.exporter[i], s.exporterEased[i]] = barrierPart(ch, "rent_exporter", i);
    s.barrier[i] = importer * fee;
    s.eased[i] = importerEased * feeEased;
    s.wedge[i] *= ((1 + s.rate[i]) / (1 + data.rate[i])) * s.eased[i];
    s.cost[i] *= s.exporterEased[i];
    s.iceberg[i] *= barrierPart(ch, "resource", i)[1];
    const left = ch.hit[i] <= 1 + 1e-12 ? 1 - ch.lost[i] : ch.left[i];
    s.disrupted[i] = Math.min(ch.cap[i], ch.lost[i] > 0 ? left : Infinity);
    s.cap[i] = Math.min(s.disrupted[i], ch.capacity[i]);
    const full = Number.isFinite(ch.capacity[i]) && ch.capacity[i] <= s.disrupted[i];
    s.keeps[i] = ch.shadow_to_exporter[i] > 0 || full ? 1 : 0;
  }
  return s;
}

// market.shocks._setters: on which flows a lever sets each channel, duties as one.
function settersOf(data, { lever, k, x }) {
  const out = new Map();
  const put = (name, line) => {
    const key = data.channels[name].role === "duty" ? "duty" : name;
    if (!out.has(key)) out.set(key, new Set());
    out.get(key).add(line);
  };
  for (const [name, form] of Object.entries(lever.channels)) {
    const lines = form.only ? form.only.map((n) => lever.lines[n]) : lever.lines;
    lines.forEach((line, n) => { if (!Number.isNaN(valueAt(form, k, n, x))) put(name, line); });
  }
  for (const { where } of targetsAt(lever, k)) where.forEach((line) => put("floor", line));
  return out;
}

// market.shocks.meetings: a note for each two levers that meet and do not multiply.
function meetings(data, active) {
  const setters = active.map((one) => settersOf(data, one));
  const sentence = (n) => unfold(active[n].lever.sentence, active[n].k);
  const notes = [];
  for (let a = 0; a < active.length; a += 1) {
    for (let b = a + 1; b < active.length; b += 1) {
      for (const [rule, lines] of shared(data, setters[a], setters[b])) {
        const codes = [...new Set([...lines].map((line) => data.product[line]))].sort();
        const shown = codes.slice(0, 6).join(", ") + (codes.length > 6 ? " ..." : "");
        const [x, y] = [sentence(a), sentence(b)].sort();
        notes.push(`'${x}' and '${y}' meet on HS ${shown}: ${rule}.`);
      }
    }
  }
  return notes;
}

// market.shocks.meetings, inside: the flows on which two levers meet, by the rule that
// combines them there.
function shared(data, first, second) {
  const rules = new Map();
  for (const [name, lines] of first) {
    const rule = name === "duty" ? data.duty_rule : data.channels[name].rule;
    const both = rule && second.has(name) ? [...lines].filter((i) => second.get(name).has(i)) : [];
    if (both.length === 0) continue;
    rules.set(rule, new Set([...(rules.get(rule) ?? []), ...both]));
  }
  return rules;
}

// market.shocks.shocks_of: the remarks of the levers and the meetings, each once.
function notesOf(data, active, meeting) {
  const notes = active.flatMap(({ lever, k }) => itemAt(lever.notes, k));
  return [...data.notes, ...new Set([...notes, ...meeting]), ...(data.at ? data.path.notes : [])];
}

// market.shocks.refuse_crossed_bounds: a target above what a cap leaves.
function refuseCrossedBounds(data, ch, s) {
  s.cap.forEach((cap, i) => {
    if (ch.floor[i] > cap * (1 + 1e-9)) {
      throw new Error(`A target asks for more of HS ${data.product[i]} than a disruption leaves.`);
    }
  });
}
