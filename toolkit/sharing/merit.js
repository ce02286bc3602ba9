// A homogeneous good: one delivered price, sellers in merit order; sigma infinite.

const MOST_HALVINGS = 200;
const FINEST = 1e-17;
const WIDEST = 700;
const TIE = 1e-12;

// models.merit.solve_merit of one market: writes its prices and quantities into `out`.
function merit(p, from, to, m, out) {
  const weight = (i) => (p.share[i] > 0 ? p.share[i] : p.entry[i]);
  const step = (i) => p.lnWedge[i] + p.lnCost[i] + p.lnIceberg[i];
  const clip = (x, i) => Math.min(Math.max(x, Math.exp(p.lnFloor[i])), Math.exp(p.lnCap[i]));
  const offered = (price, i) => {
    const gap = price - step(i);
    if (p.nu[i] === 0) return clip(gap > 0 ? Infinity : 0, i);
    return clip(Math.exp(gap / p.nu[i] - p.lnIceberg[i]), i);
  };
  const bought = (price) => p.lnSize[from] + p.eta[from] * price;
  const sum = (quantity, chosen) => {
    let total = 0;
    for (let i = from; i < to; i += 1) {
      if (weight(i) > 0 && chosen(i)) total += weight(i) * quantity(i);
    }
    return total;
  };
  const every = () => true;
  const empty = !(sum(() => 1, every) > 0);
  const price = empty ? 0 : highestBelow(
    (x) => Math.log(sum((i) => offered(x, i), every)) - bought(x),
  );
  const margin = (i) => p.nu[i] === 0 && Math.abs(step(i) - price) < TIE;
  const rest = sum((i) => offered(price, i), (i) => !margin(i));
  const left = Math.max(Math.exp(bought(price)) - rest, 0);
  let level = -Infinity;
  if (left > 0 && sum(() => 1, margin) > 0) {
    level = highestBelow((x) => Math.log(sum((i) => clip(Math.exp(x), i), margin) / left), false);
  }
  const sold = (i) => (margin(i) ? clip(Math.exp(level), i) : offered(price, i));
  const gap = Math.log(sum(sold, every)) - bought(price);
  if (!empty && !(Math.abs(gap) < EDGE)) {
    throw new Error("A homogeneous market does not clear: residual "
      + `${Math.abs(gap).toExponential(1)}.`);
  }
  out.lnIndex[m] = price;
  for (let i = from; i < to; i += 1) {
    out.lnPrice[i] = price;
    out.lnQuantity[i] = Math.log(sold(i));
  }
}

// models.merit._highest_below: the last number at which a rising function is not above zero.
function highestBelow(rising, strict = true) {
  let low = -WIDEST, high = WIDEST;
  if (strict && !(rising(low) <= 0 && rising(high) > 0)) {
    throw new Error("A homogeneous market has no clearing price: every seller may be capped, "
      + "or targets ask for more than is bought, while demand does not respond to price.");
  }
  for (let n = 0; n < MOST_HALVINGS; n += 1) {
    const middle = 0.5 * (low + high);
    if (!(middle > low && middle < high && high - low > FINEST)) break;
    if (rising(middle) > 0) high = middle;
    else low = middle;
  }
  return low;
}
