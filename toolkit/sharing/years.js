// The years of the path: the lines as they have grown, what the levers do in each, and
// how old the changes are that a market answers to. Without a year all is as at rest.

// analysis.moments.Moment.reference: the page's data with a year's lines and levers; prices are today's.
function dataAt(data, year) {
  if ((year ?? null) === null) return data;
  data.made ??= new Map();
  if (!data.made.has(year)) data.made.set(year, grownData(data, year));
  return data.made.get(year);
}

// analysis.grown.grown: value and tonnes of each line grow with demand, shares stay.
function grownData(data, year) {
  const { path } = data;
  const sizes = path.growth[path.years.findIndex(([at]) => at === year)];
  const grown = (values) => values.map((x, i) => x * sizes[path.group[i]]);
  const value = grown(data.value);
  const lines = data.lines.map((bar) => ({ ...bar, start: bar.lines.reduce((sum, i) => sum + value[i], 0) / 1e3 }));
  return {
    ...data, today: data, value, kilotonnes: grown(data.kilotonnes), lines, at: year,
    year: path.years.find(([at]) => at === year)[1], controls: controlsAt(data, year, year),
  };
}

// market.effects.effect_of: the controls with what they do, on the lines of one year, of the levers in force in another.
function controlsAt(data, year, then) {
  return data.controls.map((control) => {
    const change = data.path.changes[control.name];
    const place = change?.at[year];
    const form = change?.forms[typeof place === "object" ? place[then] : place];
    if (!form) return control;
    const out = { ...control };
    for (const part of Object.keys(form)) out[part] = control[part].map((lever, n) => ({ ...lever, ...form[part][n] }));
    return out;
  });
}

// analysis.moments.Moment.posed: how far elasticities have come, alone and at the ends of the speed, and in words.
function horizonOf(data, places, choice, now, without) {
  if (!data.at) {
    const { share, speeds, words } = data.horizons[choice.horizon];
    return { share, speeds, words, long: choice.horizon === "long" };
  }
  const weights = agesOf(data, seenBy(data, places, now, without));
  const reached = (speed) => Float64Array.from(data.market, (m) => weights
    .reduce((sum, row, k) => sum + (1 - (1 - speed) ** (k + 1)) * row[m], 0));
  const { speed, speeds } = data.path;
  return { share: reached(speed), speeds: speeds.map(reached), words: `in ${data.year}`, long: false };
}

// analysis.moments.Moment._seen: what was in force in every year so far, this year's last; one lever may be left out.
function seenBy(data, places, now, without) {
  const years = data.path.years.map(([at]) => at).filter((at) => at <= data.at);
  const rest = (active) => active.filter((_, n) => n !== without);
  const staged = ({ name }) => typeof data.path.changes[name]?.at[data.at] === "object";
  if (!rest(activeLevers(data.controls, places)).some(staged)) return years.map(() => now);
  return years.map((then) => {
    if (then === data.at) return now;
    const { channels } = compose(data, rest(activeLevers(controlsAt(data.today, data.at, then), places)), false);
    const s = shocksOf(data, channels);
    refuseCrossedBounds(data, channels, s);
    return { channels, s };
  });
}

// analysis.aging.ages: of each market, the share of the changes so far that is k + 1 years old.
function agesOf(data, seen) {
  const size = data.starts.length, years = seen.length;
  const blank = () => seen.map(() => new Float64Array(size));
  const old = blank();
  old[years - 1].fill(1);
  if (seen.every((one) => one === seen[0])) return old;
  const spending = buyersSpending(data, { barrier: new Float64Array(data.value.length).fill(1) });
  const notional = (one, i) => one.channels.newcomer[i] / (spending[data.market[i]] > 0 ? spending[data.market[i]] : 1);
  const pressed = blank(), whole = new Float64Array(size);
  for (let i = 0; i < data.value.length; i += 1) {
    const weight = Math.max(data.share[i], ...seen.map((one) => notional(one, i)));
    let before = [0, 0, 0, 0, 0];
    seen.forEach((one, t) => {
      const levels = levelsOf(one, i, notional(one, i));
      const moved = levels.reduce((sum, x, n) => sum + Math.abs(x - before[n]), 0) * weight;
      pressed[years - 1 - t][data.market[i]] += moved;
      whole[data.market[i]] += moved;
      before = levels;
    });
  }
  return pressed.map((row, k) => row.map((x, m) => (whole[m] > 0 ? x / whole[m] : old[k][m])));
}

// analysis.aging.ages, inside: what a line has seen: price, bounds, a newcomer.
function levelsOf({ channels, s }, i, notional) {
  const within = (x) => Math.log(Math.min(Math.max(x, 1e-6), 1));
  return [
    Math.log(s.wedge[i] * s.cost[i] * s.iceberg[i]), within(s.cap[i]), within(channels.price_cap[i]),
    Math.log(Math.max(channels.floor[i], 1)), notional > 0 ? 1 : 0,
  ];
}

// explorer.text.as_python, inside: the call that gives the answer in a year.
function pathCall(data, model, year) {
  return `tk.path(${model}, base, scenario, until=${year}${data.path.python}).result(${year})`;
}
