// JupyterLab and Voila: the kernel answers. One question is asked at a time; while it is
// open, later moves of the same lever replace each other and the last one is sent.

const IN_VIEW = 8000; // milliseconds in which a new explorer is brought into view once

function render({ model, el: element }) {
  const root = el("div");
  element.append(root);
  let busy = false, next = [];
  const flush = () => {
    if (busy || !next.length) return;
    busy = true;
    root.dataset.busy = "true";
    model.send(next.shift());
  };
  const act = (message) => {
    const last = next[next.length - 1];
    const again = last && last.do === message.do && last.name === message.name;
    if (again && ["set", "year"].includes(message.do)) next.pop();
    next.push(message);
    flush();
  };
  const panel = makePanel(root, model.get("panel"), act);
  const follow = () => {
    busy = false;
    const state = model.get("state");
    if (next.length) flush();
    else panel.paint(state);
    root.dataset.asked = String(state.asked);
    root.dataset.busy = String(busy);
  };
  model.on("change:state", follow);
  follow();
  const stop = bringIntoView(element);
  return () => { model.off("change:state", follow); stop(); };
}

// After "Run All" JupyterLab shows the last cell; a new explorer is brought back into
// view, unless the reader has taken over.
function bringIntoView(element) {
  let scroller = null, wanted = 0, last = 0;
  const began = performance.now();
  const events = ["wheel", "pointerdown", "keydown", "touchstart"];
  const timer = setInterval(() => {
    if (performance.now() - began > IN_VIEW) return stop();
    if (element.isConnected) {
      scroller = element.closest(".jp-WindowedPanel-outer");
      const box = element.getBoundingClientRect();
      if (!scroller || !box.height) return undefined;
      const frame = scroller.getBoundingClientRect();
      wanted = Math.max(0, scroller.scrollTop + box.top - frame.top - 8);
      const seen = box.top < frame.top + 0.4 * frame.height && box.bottom > frame.top + 200;
      if (seen && scroller.scrollTop <= wanted + 8) return undefined;
    }
    if (scroller && performance.now() - last > 250) {
      last = performance.now();
      scroller.scrollTop = wanted;
    }
    return undefined;
  }, 100);
  const stop = () => {
    clearInterval(timer);
    for (const name of events) window.removeEventListener(name, stop, true);
  };
  for (const name of events) window.addEventListener(name, stop, true);
  return stop;
}

export default { render };
