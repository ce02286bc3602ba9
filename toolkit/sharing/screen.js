// From numbers to what stands on screen: explorer.screen.screen_of, to the letter.

// explorer.screen.screen_of.
function screenOf(today, r) {
  const data = dataAt(today, r.year);
  return {
    answer: answerOf(data, r),
    figures: Object.entries(data.titles).map(([name, title], n) => figureOf(name, title, r.balance[name], r.ranges[n])),
    charts: [...r.steps, ...r.bars].map((x) => Number(x.toFixed(6)) + 0),
    before: data.lines.map(({ start }) => start),
    suppliers: marketsOf(data, r),
    band: { least: r.ranges[2][0], greatest: r.ranges[2][1], kind: data.kind },
    assumptions: assumptionsOf(data, r),
    levers: r.levers,
    details: detailsOf(data, r),
  };
}

// explorer.readout.figures, one of them.
function figureOf(name, title, { before, after, change }, range) {
  const [a, b, c] = [before, after, change].map((x) => x / 1e3);
  const share = Math.abs(c) < 5e-4 || Math.abs(a) < 5e-4 ? "" : percent(Math.abs(c / a));
  return { name, title, before: plainNumber(a), after: plainNumber(b), change: signed(c), share, between: betweenOf(...range.map((x) => x / 1e3)) };
}

// explorer.readout._between.
const betweenOf = (least, greatest) => (greatest - least > 5e-7 ? `${endOf(least)} to ${endOf(greatest)}` : "");

// explorer.readout._end.
const endOf = (value) => (Math.abs(value) < 1e4 ? signed(value) : `${value > 0 ? "+" : MINUS}10,000 or more`);

// explorer.readout.details.
function detailsOf(data, r) {
  const bn = (value) => signed(value / 1e3);
  const me = data.whose[data.reporter];
  return [
    `${me} tariff revenue: ${bn(r.accounts.revenue)} US$ bn (${bn(r.accounts.staticRevenue)} if trade did not respond)`,
    `${me} welfare, that is buyers' surplus, duties and rents: ${bn(r.accounts.welfare)} US$ bn`,
    ...r.notes,
  ];
}

// explorer.suppliers.markets_of.
function marketsOf(data, r) {
  const pair = pairLines(data).map(([, i]) => i).sort((a, b) => a - b);
  const moved = Math.max(0, ...pair.map((i) => Math.abs(r.change[i])));
  const size = (i) => (moved < SMALL ? data.value[i] : Math.abs(r.change[i]));
  return largestFirst(pair, size).slice(0, 6).filter((i) => size(i) >= SMALL).map((i) => marketOf(data, r, i));
}

// explorer.suppliers._market.
function marketOf(data, r, partner) {
  const buyer = data.importer[partner];
  const lines = [];
  for (let i = 0; i < data.value.length; i += 1) {
    if (data.market[i] === data.market[partner] && data.exporter[i] !== buyer && i !== partner) lines.push(i);
  }
  const size = (i) => Math.max(data.value[i], r.value[i]);
  const order = largestFirst(lines, size).filter((i) => size(i) > 0);
  let shown = order.slice(0, 5), rest = order.slice(5);
  if (rest.length === 1) [shown, rest] = [order, []];
  const sums = (some) => [data.value, r.value].map((column) => Number(some.reduce((sum, i) => sum + column[i], 0).toFixed(4)));
  const rows = [partner, ...shown].map((i) => [capital(data.suppliers[data.exporter[i]]), ...sums([i])]);
  if (rest.length) rows.push(["All others", ...sums(rest)]);
  const flow = buyer === data.reporter ? "imports" : "exports";
  return { title: `${labelOf(data, data.product[partner]) || "All goods"} in ${data.countries[buyer]}`, flow, rows };
}

// baseline.flows.Baseline.label.
const labelOf = (data, code) => (data.names[code] ? `${data.names[code]} (${code})` : code);

// explorer.band.assumptions_of.
function assumptionsOf(data, r) {
  return r.swings.filter((one) => one.swing > 5e-4).slice(0, 3).map(({ name, low, high }) => ({
    name, said: data.said[name] ?? name, low, high, ...whereFrom(data, r, name),
  }));
}

// explorer.band._where_from.
function whereFrom(data, r, name) {
  const concept = data.ends.find((one) => one.said === name);
  if (!concept) {
    const held = Object.values(data.end_names).includes(name);
    return { values: "", source: held ? data.held_from : data.speeds_from };
  }
  const line = mostMoved(data, r, concept.lines);
  const from = data.sources[concept.field];
  const whole = concept.concept === "sigma" && data.homogeneous[line];
  return { values: valuesOf(data, concept.concept, line), source: from.items[from.where[line]] + (whole ? "" : reachedOf(r, line)) };
}

// models.parameters._scaled_sources.
function reachedOf(r, line) {
  const share = typeof r.reached === "number" ? r.reached : r.reached[line];
  return share === 1 ? "" : ` x ${Number(share.toPrecision(3))} (${r.words})`;
}

// explorer.band._most_moved.
function mostMoved(data, r, lines) {
  const pair = new Set(pairLines(data).map(([, i]) => i));
  const mine = lines.filter((i) => pair.has(i));
  let line = 0, most = -1;
  for (const i of mine.length ? mine : lines) {
    if (Math.abs(r.change[i]) > most) [line, most] = [i, Math.abs(r.change[i])];
  }
  return line;
}

// explorer.band._values.
function valuesOf(data, key, line) {
  const [low, central, high] = ["low", "central", "high"].map((end) => {
    const x = data.elasticities[end][key][line];
    const value = key === "nu" ? 1 / x : x;
    return Number.isFinite(value) ? plainNumber(value, 1) : "infinite";
  });
  return `${labelOf(data, data.product[line]) || "all goods"}: ${central} (${low} to ${high})`;
}

// scenario.Scenario.to_yaml.
function yamlOf(data, active, choice) {
  const levers = active.map(({ lever, k }) => unfold(lever.yaml, k)).join("");
  const path = (choice.year ?? null) === null ? "" : `path:\n  until: ${choice.year}\n${data.path.yaml}`;
  return data.yaml_head + (levers ? `levers:\n${levers}` : "levers: []\n") + path;
}

// explorer.text.as_python, with the call of widgets.session.Session.code.
function pythonOf(data, active, choice) {
  const lines = active.map(({ lever, k }) => unfold(lever.python, k));
  const ends = Object.entries(choice.ends).filter(([, end]) => end !== "central").sort(([a], [b]) => data.fields.indexOf(a) - data.fields.indexOf(b));
  const all = ends.length === data.fields.length && ends.every(([, end]) => end === ends[0][1]);
  const mapping = `{${ends.map(([field, end]) => `'${field}': '${end}'`).join(", ")}}`;
  const given = [data.given.length ? "..." : "", !ends.length ? "" : `case=${all ? `'${ends[0][1]}'` : mapping}`].filter(Boolean).join(", ");
  const when = choice.horizon === "long" ? "" : `, horizon='${choice.horizon}'`;
  const model = `tk.Armington(${given})`;
  const call = (choice.year ?? null) === null ? `${model}.solve(base, scenario${when})` : pathCall(data, model, choice.year);
  const tail = data.python_tail.replace("MODEL.solve(base, scenario)", () => call);
  return [data.python_head, ...lines, tail].join("\n");
}
