// The answer in sentences: result.words and result.phrases, to the letter.

const MINUS = "\u2212";
const NOTHING = 5e-7; // US$ mn
const SMALL = 0.05; // US$ mn: below the last digit that a sentence shows

// display.plain, inside: thousands in groups.
function grouped(value, places) {
  const [whole, rest] = rounded(value, places).split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest ? `${spaced}.${rest}` : spaced;
}

// display.plain: a number with a true minus.
function plainNumber(value, places = 2) {
  const text = grouped(value, places);
  return value < 0 && Number(text.replaceAll(",", "")) !== 0 ? MINUS + text : text;
}

// display.signed: a change, with its sign.
function signed(value, places = 2) {
  if (Number.isNaN(value)) return "not known in";
  const text = plainNumber(value, places);
  return value > 0 && Number(text.replaceAll(",", "")) !== 0 ? `+${text}` : text;
}

// display.amount: US$ million for a sentence.
function amount(value) {
  const size = Math.abs(value);
  if (size >= 1e7) return "more than US$ 10,000 bn";
  return size >= 1e3 ? `US$ ${grouped(size / 1e3, 2)} bn` : `US$ ${grouped(size, 1)} mn`;
}

// result.phrases.signed_amount.
function signedAmount(value) {
  return (Math.abs(value) < NOTHING ? "" : value > 0 ? "+" : MINUS) + amount(value);
}

// display.percent.
const percent = (share) => `${rounded(100 * share, 1).replace(/\.?0+$/, "") || "0"} %`;

// result.phrases.share_of.
function shareOf(change, before) {
  if (Math.abs(before) < SMALL) return "";
  const share = Math.abs(change / before);
  return ` (${share < 5e-4 ? "less than 0.1 %" : percent(share)})`;
}

// result.phrases.listed.
const listOf = (items) => (items.length < 2 ? items.join("")
  : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`);

// result.phrases.lower.
const lowerFirst = (name) => (/^.[^A-Z]*[a-z][^A-Z]*$/.test(name.slice(0, 2)) || /^[a-z]$/.test(name[1] ?? "")
  ? name.charAt(0).toLowerCase() + name.slice(1) : name);

// display.capital.
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// result.phrases.with_names.
const withNames = (text, names) => text.replace(/HS (\d\w*)(?![\w,])/g, (found, code) =>
  (names[code] ? `${lowerFirst(names[code])} (HS ${code})` : found));

// result.words.answer.
function answerOf(data, r) {
  const parts = ["world", "goods", "levers", "others", "bounds", "beside", "hangs"];
  if (!r.active.length) {
    return { balance: unchanged(data, r), ...Object.fromEntries(parts.map((name) => [name, ""])) };
  }
  return {
    balance: `${r.when} ${deficit(data, r)}: ${flowsSaid(r)}.`,
    world: worldSaid(data, r), goods: goodsSaid(data, r), levers: leversSaid(data, r),
    others: [data.reporter, data.partner].map((buyer) => othersSaid(data, r, buyer)).filter(Boolean).join(" "),
    bounds: boundsSaid(data, r), beside: besideSaid(data, r), hangs: hangsSaid(data, r),
  };
}

// result.phrases.unchanged.
function unchanged(data, r) {
  const name = r.balance.balance.before < 0 ? "deficit" : "surplus";
  const year = data.year ? ` in ${data.year}` : "";
  return `Nothing is changed: ${data.whose[data.reporter]} ${name} with ${data.countries[data.partner]} is `
    + `${amount(r.balance.balance.before)}${year}, exports of ${amount(r.balance.exports.before)} against `
    + `imports of ${amount(r.balance.imports.before)}.`;
}

// result.phrases.deficit.
function deficit(data, r) {
  const { before, after, change } = r.balance.balance;
  const whole = `${data.whose[data.reporter]} ${before < 0 ? "deficit" : "surplus"} with ${data.countries[data.partner]}`;
  if (Math.abs(change) < NOTHING) return `${whole} stays at ${amount(before)}`;
  if (before * after < 0) {
    return `${whole} of ${amount(before)} turns into a ${after < 0 ? "deficit" : "surplus"} of ${amount(after)}`;
  }
  const verb = (change < 0) === (before < 0) ? "widens" : "narrows";
  return `${whole} ${verb} by ${amount(change)}${shareOf(change, before)} to ${amount(after)}`;
}

// result.phrases.moved.
const movedSaid = (change) => (Math.abs(change) < NOTHING ? "stay as they are"
  : `${change > 0 ? "rise" : "fall"} by ${amount(change)}`);

// result.phrases.flows.
function flowsSaid(r) {
  const parts = ["exports", "imports"].map((name) => {
    const { change, before } = r.balance[name];
    return [name, movedSaid(change) + (Math.abs(change) >= NOTHING ? shareOf(change, before) : "")];
  });
  if (parts[0][1] === parts[1][1]) return `exports and imports ${parts[0][1]}`;
  return parts.map(([name, said]) => `${name} ${said}`).join(" and ");
}

// result.words._goods.
function goodsSaid(data, r) {
  const moves = pairLines(data).map(([direction, i]) => ({ direction, code: data.product[i], by: r.change[i] }));
  const whole = moves.reduce((sum, m) => sum + Math.abs(m.by), 0);
  const shown = largestFirst(moves, (m) => Math.abs(m.by)).slice(0, 3).filter((m) => Math.abs(m.by) >= SMALL);
  if (!shown.length) return "";
  const named = shown.map((m) => `${lowerFirst(nameOf(data, m.code)) || "all goods"} (${m.direction} ${signedAmount(m.by)})`);
  const most = shown.reduce((sum, m) => sum + Math.abs(m.by), 0) >= 0.5 * whole;
  return `${most ? "Most of it is" : "The largest moves are"} ${listOf(named)}.`;
}

// result.record.Record.name.
const nameOf = (data, code) => data.names[code] ?? code;

// result.words._goods, inside: a stable order, the largest first.
const largestFirst = (items, size) => items.map((item, n) => [item, n])
  .sort((a, b) => size(b[0]) - size(a[0]) || a[1] - b[1]).map(([item]) => item);

// result.record.Record.flows: the lines of both directions of the pair, in order.
function pairLines(data) {
  const out = [];
  for (const [direction, importer, exporter] of [["exports", data.partner, data.reporter], ["imports", data.reporter, data.partner]]) {
    for (let i = 0; i < data.value.length; i += 1) {
      if (data.importer[i] === importer && data.exporter[i] === exporter) out.push([direction, i]);
    }
  }
  return out;
}

// result.words._levers.
function leversSaid(data, r) {
  if (r.active.length < 2 || !r.without.length) return "";
  const adds = r.without.map((rest) => (Number.isNaN(rest) ? 0 : Math.abs(r.balance.balance.change - rest)));
  const first = adds.indexOf(Math.max(...adds));
  if (adds[first] < SMALL) return "";
  const lever = withNames(r.levers[first], data.names);
  return `Most hangs on '${lever}': ${signedAmount(r.without[first])} without it.`;
}

// result.words._others.
function othersSaid(data, r, buyer) {
  const seller = buyer === data.reporter ? data.partner : data.reporter;
  const sums = new Map();
  for (let i = 0; i < data.value.length; i += 1) {
    if (data.importer[i] !== buyer || data.exporter[i] === seller || data.exporter[i] === buyer) continue;
    sums.set(data.exporter[i], (sums.get(data.exporter[i]) ?? 0) + r.change[i]);
  }
  const total = [...sums.values()].reduce((a, b) => a + b, 0);
  if (!(Math.abs(total) >= SMALL)) return "";
  const codes = [...sums.keys()].sort().filter((code) => Math.abs(sums.get(code)) > SMALL);
  const named = largestFirst(codes, (code) => Math.abs(sums.get(code))).slice(0, 3)
    .map((code) => `${data.suppliers[code]} (${signedAmount(sums.get(code))})`);
  return `Other suppliers sell ${amount(total)} ${total > 0 ? "more" : "less"} to ${data.countries[buyer]}, above all ${listOf(named)}.`;
}

// result.words._bounds.
function boundsSaid(data, r) {
  const said = (rows) => listOf(rows.map((row) => boundSaid(data, row)));
  const below = r.wedges.filter((w) => w.wedge < 0), above = r.wedges.filter((w) => w.wedge > 0);
  return [
    below.length ? `The market buys so much only below the supplier's price, which a subsidy or a discount must bridge: ${said(below)}.` : "",
    above.length ? `Scarcity lifts what buyers would pay above the supplier's price: ${said(above)}.` : "",
  ].filter(Boolean).join(" ");
}

// result.words._bound.
function boundSaid(data, { i, wedge, after }) {
  const before = data.kilotonnes[i];
  const near = (value) => Number(value.toFixed(6));
  const kt = (value) => plainNumber(near(value), near(Math.max(before, after)) >= 10 ? 0 : 1);
  const tonnes = Number.isNaN(before) ? "" : ` (${kt(before)} to ${kt(after)} kt)`;
  const seller = data.exporter[i];
  const far = Math.abs(100 * wedge);
  const by = far < 1000 ? `${rounded(far, 1)} %` : "more than 1,000 %";
  const who = seller === data.reporter || seller === data.partner ? "" : ` from ${data.suppliers[seller]}`;
  return `${lowerFirst(nameOf(data, data.product[i]))}${who}${tonnes} by ${by}`;
}

// result.words._world.
function worldSaid(data, r) {
  if (!data.known_world) return "";
  const me = data.whose[data.reporter];
  if (r.openAccount) return `${me} balance with the world is not given: ${r.openAccount.replaceAll(". ", "; ")}`;
  const change = r.accounts.world, pair = r.balance.balance.change;
  if (Math.abs(change) < NOTHING) return Math.abs(pair) < NOTHING ? "" : `${me} balance with the world stays.`;
  if (change * pair < 0 || Math.abs(change) < 0.25 * Math.abs(pair)) {
    return `With all countries together it is another story: ${me} balance with ${data.countries[data.partner]} changes by `
      + `${signedAmount(pair)}, with the world by ${signedAmount(change)}.`;
  }
  return `${me} balance with the world ${change > 0 ? "improves" : "worsens"} by ${amount(change)}.`;
}

// result.words._beside.
function besideSaid(data, r) {
  const usd = (value) => (value < 0 ? "-" : "") + grouped(value, 0);
  return r.invisibles.map(([item, from, to, mn, low, high]) => `Beside the goods balance: ${item} of US$ ${usd(mn)} mn a year `
    + `(${usd(low)} to ${usd(high)}) from ${data.countries[from] ?? from} to ${data.countries[to] ?? to}.`).join(" ");
}

// result.sure.plainly.
const plainly = (data, name) => (data.said[name] ? `${data.said[name]} (${name})` : name);

// result.sure.ends.
function hangsSaid(data, r) {
  if (!r.swings.length) return "No range: the elasticities are the user's own.";
  const sizes = r.swings.map((s) => s.swing).filter((x) => !Number.isNaN(x));
  if (!(Math.max(...sizes) >= NOTHING)) return "No assumption moves that: the levers set it, and what they hold is assumed.";
  const named = r.swings.slice(0, 2).filter((s) => s.swing >= NOTHING).map((s) => plainly(data, s.name));
  const [least, greatest] = [r.ranges[2][0], r.ranges[2][1]].map(signedAmount);
  if (least === greatest) return `No assumption moves that by more than is shown; most does ${named[0]}, one at a time at an end of its interval.`;
  return `It hangs most on ${listOf(named)}: the balance changes by ${least} to ${greatest} `
    + "as one assumption at a time goes to an end of its interval.";
}
