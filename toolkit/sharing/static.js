// Charts that follow no lever: each drawn once into its place.

function drawStatic() {
  const block = document.getElementById("toolkit-static");
  if (!block) return;
  const made = JSON.parse(block.textContent).map(({ id, spec }) =>
    keepFitted(document.getElementById(id), spec));
  window.toolkitCharts = Promise.all(made);
}

drawStatic();
