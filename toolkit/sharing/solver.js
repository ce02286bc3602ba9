// The nested CES market with finite supply: one scalar equation per market.
// Hats throughout; nu is the inverse supply elasticity, ell = ln P the log of the
// composite price. The excess of the price index over its guess falls everywhere
// in the guess, so there is one root, found by Newton steps kept in a bracket.

const TOLERANCE = 1e-12;
const MOST_STEPS = 200;
const NEAR_ONE = 1e-10;
const FAR = 1;
const EDGE = 1e-9;

// models.armington.ces_markets: shares and logs of the shocks, by flow.
function problem(data, elasticities, ch, s) {
  const size = data.value.length;
  const spending = buyersSpending(data, s);
  const p = {
    ...elasticities, starts: data.starts, market: data.market, spending,
    ownNu: elasticities.nu, nu: Float64Array.from(elasticities.nu),
    share: new Float64Array(size), entry: new Float64Array(size), wedge: new Float64Array(size),
    lnCost: new Float64Array(size), lnIceberg: new Float64Array(size),
    lnSize: new Float64Array(size), lnCap: new Float64Array(size),
    lnFloor: new Float64Array(size), lnWedge: new Float64Array(size),
  };
  for (let i = 0; i < size; i += 1) {
    const whole = spending[data.market[i]];
    const paid = (1 + data.rate[i]) * s.barrier[i];
    p.share[i] = whole > 0 ? (data.value[i] * paid) / whole : 0;
    p.entry[i] = whole > 0 ? (ch.newcomer[i] * paid) / whole : 0;
    p.wedge[i] = s.wedge[i];
    p.lnWedge[i] = Math.log(p.wedge[i]);
    p.lnCost[i] = Math.log(s.cost[i]);
    p.lnIceberg[i] = Math.log(s.iceberg[i]);
    p.lnSize[i] = Math.log(s.growth[i]);
    if (ch.held[i] > 0) p.nu[i] = 0;
    const offered = mostAtPriceCap(ch.price_cap[i], s, p.nu[i], i);
    refuseTargetAbove(data, ch, offered, i);
    p.lnCap[i] = Math.min(Math.log(s.cap[i]), offered);
    p.lnFloor[i] = Math.log(ch.floor[i]);
  }
  return p;
}

// models.armington._most_at_price_cap: log of the quantity offered at the highest price allowed.
function mostAtPriceCap(cap, s, nu, i) {
  const gap = Math.log(cap / s.cost[i] / s.iceberg[i]);
  if (nu > 0) return gap / nu - Math.log(s.iceberg[i]);
  return gap < -EDGE ? -Infinity : Infinity;
}

// models.armington._refuse_target_above.
function refuseTargetAbove(data, ch, offered, i) {
  if (!(ch.floor[i] > Math.exp(offered) * (1 + EDGE))) return;
  throw new Error(`A target asks for more of HS ${data.product[i]} from ${data.exporter[i]} `
    + "than its price cap brings forth: lower the target or raise the cap.");
}

// models.surplus.buyers_spending: base spending of each market with duties, and
// the fees and rents a lever names.
function buyersSpending(data, s) {
  const out = new Float64Array(data.starts.length);
  for (let i = 0; i < data.value.length; i += 1) {
    out[data.market[i]] += data.value[i] * (1 + data.rate[i]) * s.barrier[i];
  }
  return out;
}

// models.ces._Curves.of: log price of each flow as a straight line in ell, and bounds.
function curves(p) {
  const size = p.share.length;
  const c = {
    level: new Float64Array(size), slope: new Float64Array(size),
    capLevel: new Float64Array(size), floorLevel: new Float64Array(size),
    boundSlope: new Float64Array(size),
  };
  for (let i = 0; i < size; i += 1) {
    const weight = 1 / (1 + p.nu[i] * p.sigma[i]);
    const supply = p.lnWedge[i] + p.lnCost[i] + p.lnIceberg[i];
    c.level[i] = weight * (supply + p.nu[i] * (p.lnIceberg[i] + p.lnSize[i]));
    c.slope[i] = weight * p.nu[i] * (p.sigma[i] + p.eta[i]);
    c.capLevel[i] = (p.lnSize[i] - p.lnCap[i]) / p.sigma[i];
    c.floorLevel[i] = (p.lnSize[i] - p.lnFloor[i]) / p.sigma[i];
    c.boundSlope[i] = (p.sigma[i] + p.eta[i]) / p.sigma[i];
  }
  return c;
}

// models.ces._Curves.at: log price of flow i and its slope at ell; a cap raises it, a
// floor lowers it.
function priceAt(c, i, ell) {
  const free = c.level[i] + c.slope[i] * ell;
  const bound = c.boundSlope[i] * ell;
  let price = free;
  const capped = c.capLevel[i] + bound > free;
  const floored = c.floorLevel[i] + bound < free;
  if (capped) price = c.capLevel[i] + bound;
  if (floored) price = c.floorLevel[i] + bound;
  return [price, capped || floored ? c.boundSlope[i] : c.slope[i]];
}

// models.ces._excess: index minus guess in the market of flows from..to, and its slope.
// Terms are taken relative to their mean log, or a sum near zero would lose its digits;
// terms far apart relative to the largest, or one would overflow.
function excess(p, c, from, to, ell) {
  const cobb = Math.abs(1 - p.sigma[from]) < NEAR_ONE;
  const mean = meanTerm(p, c, from, to, ell);
  const peak = peakTerm(p, c, from, to, ell);
  const far = peak - mean > FAR;
  const centre = far ? peak : mean;
  let inner = 0, geometric = 0, whole = 0, steep = 0, total = 0;
  for (let i = from; i < to; i += 1) {
    const base = p.share[i] > 0 ? p.share[i] : p.entry[i];
    if (!(base > 0)) continue;
    const [price, slope] = priceAt(c, i, ell);
    const grown = p.lnCap[i] === -Infinity ? -1 : Math.expm1(power(p, i) * price - centre);
    inner += p.share[i] > 0 ? p.share[i] * grown : p.entry[i] * (1 + grown);
    total += base * (1 + grown);
    geometric += p.share[i] > 0 ? p.share[i] * price : 0;
    const weight = cobb ? p.share[i] : base * (1 + grown);
    whole += weight;
    steep += weight * slope;
  }
  if (!(whole > 0)) return [-ell, -1];
  const summed = far ? Math.log(total) : Math.log1p(inner);
  const index = cobb ? geometric : (centre + summed) / power(p, from);
  return [index - ell, steep / whole - 1];
}

// models.ces._Curves: one minus sigma, 1 where sigma is 1.
function power(p, i) {
  const oneMinus = 1 - p.sigma[i];
  return Math.abs(oneMinus) < NEAR_ONE ? 1 : oneMinus;
}

// models.ces._excess: the centre of a market's terms.
function meanTerm(p, c, from, to, ell) {
  let whole = 0, sum = 0;
  for (let i = from; i < to; i += 1) {
    if (!(p.share[i] > 0) || p.lnCap[i] === -Infinity) continue;
    whole += p.share[i];
    sum += p.share[i] * power(p, i) * priceAt(c, i, ell)[0];
  }
  return whole > 0 ? sum / whole : 0;
}

// models.ces._excess: the largest of a market's terms.
function peakTerm(p, c, from, to, ell) {
  let peak = -Infinity;
  for (let i = from; i < to; i += 1) {
    if (!(p.share[i] > 0 || p.entry[i] > 0) || p.lnCap[i] === -Infinity) continue;
    peak = Math.max(peak, power(p, i) * priceAt(c, i, ell)[0]);
  }
  return peak;
}

// models.ces._tolerance.
const tolerance = (slope) => Math.max(TOLERANCE * Math.min(1, Math.abs(slope)), 1e-15);

// models.ces._root: Newton steps on one market, kept in their bracket.
function clearing(p, c, from, to) {
  let ell = 0;
  let [gap, slope] = excess(p, c, from, to, ell);
  let low = gap < 0 ? -Infinity : 0;
  let high = gap < 0 ? 0 : Infinity;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if (Math.abs(gap) < tolerance(slope)) return slope < -1e-12 ? ell - gap / slope : ell;
    if (gap > 0) low = Math.max(low, ell);
    if (gap < 0) high = Math.min(high, ell);
    const move = slope < -1e-12 ? -gap / slope : gap;
    ell = inside(ell + move, low, high);
    [gap, slope] = excess(p, c, from, to, ell);
  }
  if (Math.abs(gap) < 1e-10) return ell;
  throw new Error("A market has no clearing price: every supplier may be capped while "
    + "demand does not respond to price.");
}

// models.ces._inside.
function inside(guess, low, high) {
  const out = guess <= low || guess >= high;
  if (out && Number.isFinite(low) && Number.isFinite(high)) return 0.5 * (low + high);
  return Math.min(Math.max(guess, low), high);
}

// models.ces._refuse_full_stop.
function refuseFullStop(p) {
  p.starts.forEach((from, m) => {
    if (p.sigma[from] === Infinity) return;
    const to = m + 1 < p.starts.length ? p.starts[m + 1] : p.share.length;
    let stopped = false, left = 0;
    for (let i = from; i < to; i += 1) {
      if (!(p.share[i] > 0) || p.lnCap[i] !== -Infinity) {
        left += p.share[i] + p.entry[i];
        continue;
      }
      stopped = true;
      if (p.sigma[i] <= 1) {
        throw new Error("A market's price index is undefined: a full stop of one "
          + "supplier is infinitely costly when the substitution elasticity is 1 or below.");
      }
    }
    if (stopped && !(left > 0)) {
      throw new Error("Every supplier of a market is stopped: there is no price for "
        + "what is not sold.");
    }
  });
}

// models.clearing.cleared and models.ces.solve_ces: log prices and quantities of flows, log index of markets.
function solve(p) {
  refuseFullStop(p);
  const c = curves(p);
  const size = p.share.length;
  const out = {
    lnPrice: new Float64Array(size), lnQuantity: new Float64Array(size),
    lnIndex: new Float64Array(p.starts.length),
  };
  p.starts.forEach((from, m) => {
    const to = m + 1 < p.starts.length ? p.starts[m + 1] : size;
    if (p.sigma[from] === Infinity) {
      merit(p, from, to, m, out);
      return;
    }
    const ell = clearing(p, c, from, to);
    out.lnIndex[m] = ell;
    for (let i = from; i < to; i += 1) {
      const [price] = priceAt(c, i, ell);
      out.lnPrice[i] = price;
      out.lnQuantity[i] = p.lnCap[i] === -Infinity ? -Infinity
        : p.lnSize[i] - p.sigma[i] * price + (p.sigma[i] + p.eta[i]) * ell;
    }
  });
  return out;
}

// models.refusals.refuse_failed: numbers without end, and a schedule that takes more from
// a flow than is left of it: no such answer is shown.
function refuseFailed(o) {
  for (const [what, values] of [["value", o.value], ["quantity", o.quantity], ["price index", o.index]]) {
    if (!values.every(Number.isFinite)) {
      throw new Error(`The ${what} in a market is not a finite number: the change is too large for these elasticities.`);
    }
  }
  const least = o.value.reduce((a, b) => Math.min(a, b), 0);
  if (least < 0) {
    throw new Error("The solution fails its identities: flows are not negative "
      + `(off by US$ ${(-least).toFixed(1)} mn).`);
  }
}
