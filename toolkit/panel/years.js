// The year that stands on screen: the baseline's, after adjustment, or one of the path.

// What a year is called; empty at rest. `before` on screen is then that year without the levers.
const yearText = (d, year) => d.years?.find(([at]) => at === year)?.[1] ?? "";
const yearOf = (d, choices) => ((choices.year ?? null) === null ? "" : yearText(d, choices.year));

// A row with one stop per year, the first at rest; null where the baseline has no path.
function yearBox(d, choose) {
  if (!d.years?.length) return null;
  const id = uniqueId("year");
  const range = el("input", {
    type: "range", id, min: 0, max: d.years.length - 1, step: 1, value: 0,
    oninput: () => choose(d.years[Number(range.value)][0]),
  });
  const text = el("output", { for: id, class: "tk-year-text" });
  const node = el("div", { class: "tk-year" }, el("label", { for: id }, "Year"), range, text);
  const paint = (choices) => {
    const here = String(Math.max(0, d.years.findIndex(([at]) => at === (choices.year ?? null))));
    if (range.value !== here) range.value = here;
    const said = d.years[Number(here)][1];
    range.setAttribute("aria-valuetext", said);
    say(text, here === "0" ? said : `${said}: growth, and the levers in force then`);
    node.classList.toggle("tk-moved", here !== "0");
  };
  return { node, paint, focus: () => range.focus() };
}
