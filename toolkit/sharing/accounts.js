// From prices and quantities to money: flows, revenue, rents, surplus, figures.

// models.armington.valued: flows, shadows and rents by flow; surplus by market.
function outcome(data, p, ch, s, solved) {
  const size = data.value.length, blank = () => new Float64Array(size);
  const o = {
    value: blank(), quantity: blank(), shadow: blank(), rentHere: blank(), producers: blank(),
    index: solved.lnIndex.map(Math.exp),
  };
  for (let i = 0; i < size; i += 1) {
    const alive = Number.isFinite(solved.lnQuantity[i]);
    const quantity = Math.exp(solved.lnQuantity[i]);
    const shipped = p.lnIceberg[i] + solved.lnQuantity[i];
    const rise = Number.isFinite(shipped) ? p.nu[i] * shipped : 0;
    const supply = Math.exp(p.lnCost[i] + p.lnIceberg[i] + rise);
    const border = (alive ? Math.exp(solved.lnPrice[i]) : 1) / p.wedge[i];
    const today = Math.exp(p.lnCost[i] + p.lnIceberg[i]);
    const most = Math.max(ch.price_cap[i], supply);
    const paid = Math.min(s.keeps[i] ? border : pricePaid(today, border, supply), most);
    const base = ch.newcomer[i] > 0 ? ch.newcomer[i] : data.value[i];
    const sold = alive ? base * quantity : 0;
    o.quantity[i] = quantity;
    o.shadow[i] = alive ? border / supply : NaN;
    const basis = data.fob[i] ? s.iceberg[i] : 1; // FOB leaves freight out
    o.value[i] = (sold * paid) / basis + ch.scheduled[i];
    o.rentHere[i] = sold * (border - paid);
    o.producers[i] = producers(data, p, s, i, {
      base, supply, quantity, value: o.value[i], rent: sold * (paid - supply),
      held: ch.held[i] > 0,
    });
  }
  o.surplus = data.starts.map((from, m) => surplus(p, ch, s, solved, from, m));
  return o;
}

// models.armington._price_paid: a target is paid at the price of supply and a capped flow at
// today's price, between the two; elsewhere buyers' and suppliers' price are one.
function pricePaid(today, border, supply) {
  if (!(Math.abs(border / supply - 1) > 1e-9)) return border;
  if (border <= supply) return supply;
  return Math.min(Math.max(today, supply), border);
}

// models.surplus.consumer_surplus of one market.
function surplus(p, ch, s, solved, from, m) {
  const to = m + 1 < p.starts.length ? p.starts[m + 1] : p.share.length;
  for (let i = from; i < to; i += 1) {
    if (ch.floor[i] > 0 && !(p.share[i] > 0) && p.entry[i] > 0) return NaN;
  }
  const power = 1 + p.eta[from];
  const index = solved.lnIndex[m];
  const area = Math.abs(power) < 1e-12 ? index : Math.expm1(power * index) / power;
  return -s.growth[from] * p.spending[m] * area;
}

// models.surplus.producer_surplus and models.accounts._producers, of one flow.
function producers(data, p, s, i, { base, supply, quantity, value, rent, held }) {
  const own = supply / s.exporterEased[i]; // border price without the exporter's rent
  const nu = p.ownNu[i];
  const cost = ((s.iceberg[i] * quantity) ** (1 + nu) - 1) / (1 + nu);
  const curve = held ? data.value[i] * (own * quantity - 1 - cost)
    : ((base * own * quantity - data.value[i]) * nu) / (1 + nu);
  const before = data.value[i] * (1 - 1 / s.exporter[i]);
  return curve + rent + value * (1 - 1 / (s.exporter[i] * s.exporterEased[i])) - before;
}

// models.accounts._rents: what the importer earns from barriers, caps and targets, today and after.
function rentPair(data, s, o, i) {
  const base = s.barrier[i];
  const power = base * s.eased[i];
  const before = data.value[i] * (1 + data.rate[i]) * (base - 1);
  const kept = o.value[i] * (power - 1) + o.rentHere[i] * power;
  return [before, kept * (1 + s.rate[i])];
}

// result.tables.Tables.accounts: revenue, welfare as an importer and the balance with the world of the reporter.
function accountsOf(data, ch, s, o) {
  const me = data.reporter;
  const a = { revenue: 0, staticRevenue: 0, rent: 0, surplus: 0, producers: 0, world: 0 };
  let gained = 0;
  for (let i = 0; i < data.value.length; i += 1) {
    const change = o.value[i] - data.value[i];
    const abroad = data.importer[i] !== data.exporter[i];
    if (abroad && data.exporter[i] === me) a.world += change;
    if (data.exporter[i] === me) a.producers += o.producers[i];
    if (data.importer[i] !== me) continue;
    if (abroad) a.world -= change;
    const cost = s.cost[i] / s.exporterEased[i]; // models.accounts.static_value
    const today = data.rate[i] * data.value[i];
    a.revenue += s.rate[i] * o.value[i] - today;
    a.staticRevenue += s.rate[i] * (data.value[i] * cost + ch.scheduled[i]) - today;
    const [before, after] = rentPair(data, s, o, i);
    a.rent += after - before;
    const paid = s.rate[i] * (o.value[i] - ch.scheduled[i]);
    gained += (paid + after) * ch.currency[i] - today - before;
  }
  data.starts.forEach((from, m) => {
    if (data.importer[from] === me) a.surplus += o.surplus[m];
  });
  a.welfare = a.surplus + gained + a.producers;
  return a;
}

// result.tables.Tables.balance: exports, imports and balance before, after, change, US$ mn.
function balanceOf(data, o) {
  const flow = (importer, exporter) => {
    let before = 0, after = 0;
    for (let i = 0; i < data.value.length; i += 1) {
      if (data.importer[i] !== importer || data.exporter[i] !== exporter) continue;
      before += data.value[i];
      after += o.value[i];
    }
    return [before, after];
  };
  const sold = flow(data.partner, data.reporter);
  const bought = flow(data.reporter, data.partner);
  const row = (before, after) => ({ before, after, change: after - before });
  return {
    exports: row(...sold), imports: row(...bought),
    balance: row(sold[0] - bought[0], sold[1] - bought[1]),
  };
}

// explorer.sums.Sums.figures: the numbers of one chart, US$ bn: start plus the changes of its lines.
function figuresOf(rows, data, o) {
  return rows.map(({ start, sign, lines }) => {
    let change = 0;
    for (const i of lines) change += o.value[i] - data.value[i];
    return start + (sign * change) / 1e3;
  });
}

// result.tables.Tables.wedges.
function wedgesOf(data, o) {
  const out = [];
  for (let i = 0; i < data.value.length; i += 1) {
    if (!(data.value[i] > 0) || !(Math.abs(o.shadow[i] - 1) > 1e-9)) continue;
    const name = data.names[data.product[i]] ?? data.product[i];
    out.push({ name, i, wedge: o.shadow[i] - 1, after: data.kilotonnes[i] * o.quantity[i] });
  }
  return out;
}

// models.parameters.Parameters: the elasticities of a choice; nu is the inverse of supply.
function elasticitiesOf(data, choice, share) {
  const at = Object.fromEntries(Object.entries(data.short).map(([field, key]) => {
    const name = data.given.includes(key) ? "given" : choice.ends[field] ?? "central";
    return [key, data.elasticities[name][key]];
  }));
  return scaled(at, share, data.homogeneous);
}

// models.parameters.Parameters.at: long-run elasticities at a horizon, one for all lines or each its own; infinity stays.
function scaled({ sigma, eta, nu }, share, same) {
  if (share === 1) return { sigma, eta, nu };
  const at = typeof share === "number" ? () => share : (i) => share[i];
  return { sigma: sigma.map((x, i) => (same[i] ? x : x * at(i))), eta: eta.map((x, i) => x * at(i)), nu: nu.map((x, i) => x / at(i)) };
}

// models.ranges.one_at_a_time: the balance's change with each assumption at either end.
function endsOf(data, choice, { share, speeds }, solved, channels) {
  const central = elasticitiesOf(data, choice, share);
  const at = (elasticities, there) => {
    try { return changesOf(balanceOf(data, solved(elasticities, there))); } catch { return [NaN, NaN, NaN]; }
  };
  const out = [];
  for (const { said, concept, lines } of data.ends) {
    if (data.given.includes(concept)) continue;
    const [low, high] = ["low", "high"].map((end) => {
      const there = scaled({ ...data.elasticities[end] }, share, data.homogeneous)[concept];
      const values = Float64Array.from(central[concept]);
      for (const i of lines) values[i] = there[i];
      return at({ ...central, [concept]: values }, channels);
    });
    out.push({ name: said, low, high });
  }
  for (const [name, ways] of endsOfDisruptions(data, channels)) {
    const [low, high] = ways.map((way) => at(central, { ...channels, ...way }));
    out.push({ name, low, high });
  }
  if (speeds.length) {
    const [low, high] = speeds.map((one) => at(elasticitiesOf(data, choice, one), channels));
    out.push({ name: "speed of adjustment", low, high });
  }
  return out.map(({ name, low, high }) => (
    { name, low: low[2], high: high[2], swing: Math.abs(high[2] - low[2]), both: [low, high] }));
}

// models.ranges.one_at_a_time, inside: the changes of exports, imports and balance.
const changesOf = (balance) => ["exports", "imports", "balance"].map((name) => balance[name].change);

// models.ranges._of_disruptions: who keeps the rent, and how the world price replies.
function endsOfDisruptions(data, channels) {
  const s = shocksOf(data, channels);
  const lost = s.disrupted.map((left, i) => (data.homogeneous[i] && left < 1 ? 1 : 0));
  const out = [];
  if (lost.some((x) => x)) {
    const kept = (by) => channels.shadow_to_exporter.map((now, i) => (lost[i] ? by : now));
    out.push([data.end_names.rent, [0, 1].map((by) => ({ shadow_to_exporter: kept(by) }))]);
  }
  const reach = channels.world_reach;
  if (reach.some((x) => x !== 1)) {
    out.push([data.end_names.world, [{ world_price: reach.map(() => 1) }, { world_price: reach }]]);
  }
  return out;
}

// result.ranges.Ranges.assumptions: the largest swing first.
function swingsOf(ends) {
  const size = ({ swing }) => (Number.isNaN(swing) ? -1 : swing);
  return ends.map((one, n) => [one, n]).sort((a, b) => size(b[0]) - size(a[0]) || a[1] - b[1]).map(([one]) => one);
}

// result.ranges.Ranges.range.
function rangesOf(changes, ends) {
  return changes.map((change, n) => {
    const known = ends.flatMap(({ both }) => both.map((end) => end[n])).filter((x) => !Number.isNaN(x));
    return [Math.min(change, ...known), Math.max(change, ...known)];
  });
}

// models.without.without_each: the balance's change with each lever left out.
function withoutEach(data, places, choice, active) {
  if (active.length < 2) return active.map(() => 0);
  return active.map((_, n) => {
    try {
      const { channels } = compose(data, active.filter((__, k) => k !== n), false);
      const s = shocksOf(data, channels);
      if (data.at) refuseCrossedBounds(data, channels, s);
      const { share } = horizonOf(data, places, choice, { channels, s }, n);
      const p = problem(data, elasticitiesOf(data, choice, share), channels, s);
      const o = outcome(data, p, channels, s, solve(p));
      refuseFailed(o);
      return balanceOf(data, o).balance.change;
    } catch { return NaN; }
  });
}

// models.gather._far_wedges: a note on each wedge beyond what elasticities know of.
function farWedges(data, o) {
  const notes = [];
  o.shadow.forEach((power, i) => {
    if (!(data.value[i] > 0) || !(power - 1 < -0.5 || power - 1 > 1)) return;
    const code = data.product[i];
    const name = data.names[code] ? `${data.names[code]} (${code})` : code;
    notes.push(`${name} from ${data.countries[data.exporter[i]]}: a wedge of `
      + `${signed(100 * (power - 1), 0)} % is far outside what the elasticities were estimated on.`);
  });
  return notes;
}

// market.shocks.Shocks.open_account: why the balance with the world cannot be told.
function openAccount(data, active) {
  const reasons = active.flatMap(({ lever, k }) => itemAt(lever.open_account, k));
  return [...new Set(reasons)].filter(Boolean).join(" ") || (data.at ? data.path.open : "");
}

// models.partial.PartialEquilibrium.solve: everything on screen for given positions of the
// controls and a choice of elasticities' ends, horizon and year.
function compute(today, places, choice, rests = true) {
  const data = dataAt(today, choice.year);
  const active = activeLevers(data.controls, places);
  const { channels, meetings: meeting } = compose(data, active);
  const s = shocksOf(data, channels);
  refuseCrossedBounds(data, channels, s);
  const solved = (elasticities, ch) => {
    const now = ch === channels ? s : shocksOf(data, ch);
    const p = problem(data, elasticities, ch, now);
    const o = outcome(data, p, ch, now, solve(p));
    refuseFailed(o);
    return o;
  };
  const when = horizonOf(data, places, choice, { channels, s });
  const elasticities = elasticitiesOf(data, choice, when.share);
  const o = solved(elasticities, channels);
  const balance = balanceOf(data, o);
  const ends = endsOf(data, choice, when, solved, channels);
  return {
    balance, active, value: o.value, change: o.value.map((x, i) => x - data.value[i]), year: data.at ?? null,
    when: when.long ? "In the long run" : when.words === "first year" ? "In the first year" : capital(when.words),
    reached: when.share, words: when.words,
    levers: active.map(({ lever, k }) => unfold(lever.sentence, k)),
    swings: swingsOf(ends), ranges: rangesOf(changesOf(balance), ends),
    without: rests ? withoutEach(data, places, choice, active) : [],
    accounts: accountsOf(data, channels, s, o),
    steps: figuresOf(data.steps, data, o), bars: figuresOf(data.lines, data, o),
    wedges: wedgesOf(data, o),
    invisibles: active.flatMap(({ lever, k }) => itemAt(lever.invisibles, k)),
    notes: [...notesOf(data, active, meeting), ...farWedges(data, o)],
    openAccount: openAccount(data, active),
  };
}
