// Small parts of the panel: elements, numbers as text. Text only, never markup.

const MINUS_SIGN = "\u2212";
const KEYBOARD = new Set(["button", "input", "select", "summary", "textarea", "pre"]);
let serial = 0;

// An element with attributes, handlers (on...) and children; JupyterLab leaves the keys
// of what can be focused to it.
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (KEYBOARD.has(tag)) node.setAttribute("data-lm-suppress-shortcuts", "true");
  if (tag === "button") node.type = "button";
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}

const uniqueId = (name) => `tk-${name}-${serial += 1}`;

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// display.plain, inside: decimals as Python rounds them, an exact tie to the even digit.
function rounded(value, places) {
  const scaled = Math.abs(value) * 10 ** places;
  const tie = scaled % 1 === 0.5 && Number.isInteger(value * 2 ** (places + 1));
  if (tie) return (2 * Math.round(scaled / 2) / 10 ** places).toFixed(places);
  return Math.abs(value).toFixed(places);
}

// Python's display.signed and display.plain, for the numbers of charts and boxes.
function decimalText(value, places) {
  if (Math.abs(value) >= 1e9) return `${value < 0 ? MINUS_SIGN : ""}1,000,000,000 or more`;
  const text = rounded(value, places);
  const [whole, rest] = text.split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const shown = rest ? `${spaced}.${rest}` : spaced;
  return value < 0 && Number(text) !== 0 ? MINUS_SIGN + shown : shown;
}

function changeText(value, places = 2) {
  if (Math.abs(value) >= 1e4 && places === 2) return `${value < 0 ? MINUS_SIGN : "+"}10,000 or more`;
  const text = decimalText(value, places);
  return value > 0 && Number(rounded(value, places)) !== 0 ? `+${text}` : text;
}

// A lever's number: as many decimals as it has, two at most.
function numberText(value) {
  const text = rounded(value, 2).replace(/\.?0+$/, "");
  const [whole, rest] = text.split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (value < 0 && Number(text) !== 0 ? MINUS_SIGN : "") + (rest ? `${spaced}.${rest}` : spaced);
}

const sizeText = (control, value) =>
  (control.switch ? "on" : `${numberText(value)} ${control.unit}`.trim());

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = el("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
}

// Offer text as a file to keep.
function download(name, text, kind) {
  const link = el("a", { href: URL.createObjectURL(new Blob([text], { type: kind })), download: name });
  document.body.append(link);
  link.click();
  setTimeout(() => { URL.revokeObjectURL(link.href); link.remove(); }, 1000);
}
