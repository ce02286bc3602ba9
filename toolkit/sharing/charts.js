// Charts of Vega-Lite, drawn to the width they have; colours follow the page's CSS.

const WIDEST_PLOT = 560;
const NARROWEST_PLOT = 90;
// Numbers behind the bars grow when a lever moves: room that is kept for them.
const spare = (whole) => (whole < 480 ? 52 : 64);
const labelRoom = (room) => Math.round(Math.min(360, Math.max(80, 0.38 * room)));

function fitted(spec, room, plot) {
  const { $schema: _, ...rest } = spec; // notebooks store charts under version 5
  const copy = structuredClone(rest);
  const ticks = Math.max(2, Math.min(7, Math.round(plot / 60)));
  copy.config = {
    ...copy.config,
    axis: { ...copy.config?.axis, labelLimit: labelRoom(room) },
    axisQuantitative: { ...copy.config?.axisQuantitative, tickCount: ticks },
  };
  adjust(copy, plot, room);
  return copy;
}

// Set the width of every view and break titles that would not fit.
function adjust(part, plot, room) {
  if (Array.isArray(part)) return part.forEach((item) => adjust(item, plot, room));
  if (part === null || typeof part !== "object") return undefined;
  if (typeof part.width === "number" && (part.layer || part.mark)) part.width = plot;
  const scale = part.encoding?.x?.scale;
  if (scale?.padding) scale.padding = Math.min(scale.padding, Math.round(0.16 * plot));
  const title = part.title;
  if (title && typeof title === "object" && !Array.isArray(title)) {
    title.text = broken(title.text, room / (0.56 * (title.fontSize ?? 13)));
    if (title.subtitle) title.subtitle = broken(title.subtitle, room / 6.6);
  }
  for (const key of ["vconcat", "hconcat", "concat", "layer", "spec"]) {
    if (part[key]) adjust(part[key], plot, room);
  }
  return undefined;
}

function broken(text, most) {
  const lines = [];
  for (const word of [text].flat().join(" ").split(" ")) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= most) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

async function drawn(element, spec) {
  const whole = element.clientWidth || 600;
  const room = whole - spare(whole);
  let plot = Math.max(NARROWEST_PLOT, Math.min(WIDEST_PLOT, room - labelRoom(room) - 30));
  const options = { mode: "vega-lite", actions: false, renderer: "svg", ast: true, logLevel: 1 };
  let made = await window.vegaEmbed(element, fitted(spec, room, plot), options);
  const over = (element.querySelector("svg")?.getBoundingClientRect().width ?? room) - room;
  const better = Math.max(NARROWEST_PLOT, Math.min(WIDEST_PLOT, Math.floor(plot - over)));
  if (Math.abs(better - plot) > 8) {
    made.finalize();
    plot = better;
    made = await window.vegaEmbed(element, fitted(spec, room, plot), options);
  }
  return made;
}

// Keep a chart of the page's width; `painted` is called with each new view.
function keepFitted(element, spec, painted) {
  let room = element.clientWidth;
  let made = null;
  const draw = async () => {
    const last = made;
    made = await drawn(element, spec);
    last?.finalize();
    painted?.(made.view);
  };
  new ResizeObserver(() => {
    if (Math.abs(element.clientWidth - room) < 24) return;
    room = element.clientWidth;
    draw();
  }).observe(element);
  return draw();
}
