// From prices and quantities to money: flows, revenue, rents, surplus, figures.

// models.armington.valued: flows, shadows and rents by flow; surplus by market.
function outcome(data, p, ch, s, solved) {
  const size = data.value.length;
  const o = {
    value: new Float64Array(size), quantity: new Float64Array(size),
    shadow: new Float64Array(size), rentHere: new Float64Array(size),
    producers: new Float64Array(size),
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
    const code = data.product[i];
    out.push({ name: data.names[code] ?? code, wedge: o.shadow[i] - 1 });
  }
  return out;
}

// models.ranges.one_at_a_time, result.ranges.Ranges.range and result.ranges.Ranges.assumptions: between what the balance's change lies, how far each assumption moves it.
function rangeOf(data, name, o, solved, channels) {
  const changes = (at) => Object.values(balanceOf(data, at)).map((row) => row.change);
  const found = [changes(o)];
  const swings = [];
  const tried = (assumption, ways) => {
    const ends = [];
    for (const way of ways) {
      try {
        ends.push(changes(solved(...way)));
      } catch { /* no answer at that end */ }
    }
    found.push(...ends);
    if (ends.length === 2) swings.push([assumption, Math.abs(ends[1][2] - ends[0][2])]);
  };
  const mine = data.elasticities[name];
  const given = name === "given" ? data.given : [];
  for (const { said, concept, lines } of data.ends.filter((e) => !given.includes(e.concept))) {
    tried(said, ["low", "high"].map((end) => {
      const values = Float64Array.from(mine[concept]);
      lines.forEach((i) => { values[i] = data.elasticities[end][concept][i]; });
      return [{ ...mine, [concept]: values }, channels];
    }));
  }
  for (const [said, ways] of endsOfDisruptions(data, channels)) {
    tried(said, ways.map((way) => [mine, { ...channels, ...way }]));
  }
  swings.sort((a, b) => b[1] - a[1]);
  const ends = Object.fromEntries(["exports", "imports", "balance"].map((flow, n) => {
    const column = found.map((row) => row[n]);
    return [flow, [Math.min(...column), Math.max(...column)]];
  }));
  return { ends, swings };
}

// models.ranges._of_disruptions: who keeps the rent, and how the world price replies.
function endsOfDisruptions(data, channels) {
  const s = shocksOf(data, channels);
  const lost = s.disrupted.map((left, i) => (data.homogeneous[i] && left < 1 ? 1 : 0));
  const out = [];
  if (lost.some((x) => x)) {
    const kept = (by) => channels.shadow_to_exporter.map((now, i) => (lost[i] ? by : now));
    out.push([data.said.rent, [0, 1].map((by) => ({ shadow_to_exporter: kept(by) }))]);
  }
  const reach = channels.world_reach;
  if (reach.some((x) => x !== 1)) {
    out.push([data.said.world, [{ world_price: reach.map(() => 1) }, { world_price: reach }]]);
  }
  return out;
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
function openAccount(active) {
  const reasons = active.flatMap(({ lever, k }) => itemAt(lever.open_account, k));
  return [...new Set(reasons)].filter(Boolean).join(" ");
}

// models.refusals.refuse_failed: a schedule can take more from a flow than is left of it: no such answer is shown.
function refuseNegative(o) {
  const least = o.value.reduce((a, b) => Math.min(a, b), 0);
  if (least < 0) {
    throw new Error("The solution fails its identities: flows are not negative "
      + `(off by US$ ${(-least).toFixed(1)} mn).`);
  }
}

// models.partial.PartialEquilibrium.solve: everything on screen for given positions of the controls and an elasticity case.
function compute(data, places, name) {
  const active = activeLevers(data.controls, places);
  const { channels, meetings: meeting } = compose(data, active);
  const s = shocksOf(data, channels);
  refuseCrossedBounds(data, channels, s);
  const solved = (elasticities, ch) => {
    const now = ch === channels ? s : shocksOf(data, ch);
    const p = problem(data, elasticities, ch, now);
    const o = outcome(data, p, ch, now, solve(p));
    refuseNegative(o);
    return o;
  };
  const o = solved(data.elasticities[name], channels);
  return {
    balance: balanceOf(data, o),
    range: rangeOf(data, name, o, solved, channels),
    accounts: accountsOf(data, channels, s, o),
    steps: figuresOf(data.steps, data, o),
    bars: figuresOf(data.bars, data, o),
    wedges: wedgesOf(data, o),
    invisibles: active.flatMap(({ lever, k }) => itemAt(lever.invisibles, k)),
    notes: [...notesOf(data, active, meeting), ...farWedges(data, o)],
    openAccount: openAccount(active),
    active,
  };
}
