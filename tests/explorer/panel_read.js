() => {
  const root = document.querySelector('.tk-explorer');
  const text = (q) => root.querySelector(q).textContent;
  const rows = (q) => [...root.querySelectorAll(q + ' tbody tr')].map((row) =>
    [row.dataset.key, ...[...row.querySelectorAll('.tk-number')].map((c) => c.textContent)]);
  const folds = [...root.querySelectorAll('.tk-fold')].map((p) => p.textContent);
  const charts = [...root.querySelectorAll('.tk-column > .tk-chart')];
  const chart = (title) => charts.find((c) => c.querySelector('h3').textContent.startsWith(title));
  const at = (box, q) => [...box.querySelectorAll(q + ' tbody tr')].map((row) =>
    [row.dataset.key, ...[...row.querySelectorAll('.tk-number')].map((c) => c.textContent)]);
  const both = chart('Both directions');
  return {
    unsolved: root.classList.contains('tk-unsolved'),
    waiting: root.classList.contains('tk-waiting'),
    lead: text('.tk-lead'), more: text('.tk-more'),
    figures: Object.fromEntries([...root.querySelectorAll('.tk-figure')].map((f) => [f.dataset.figure,
      ['.tk-value', '.tk-change', '.tk-share', '.tk-was'].map((q) => f.querySelector(q).textContent)])),
    moves: at(chart('What moves'), '.tk-bars'), exports: at(both.querySelector('.tk-exports'), '.tk-bars'),
    imports: at(both.querySelector('.tk-imports'), '.tk-bars'), folds,
    market: root.querySelector('.tk-market').value,
    suppliers: at(chart('Who supplies'), '.tk-bars'),
    range: text('.tk-range'), yaml: text('pre[data-kind=yaml]'),
    effects: [...root.querySelectorAll('.tk-assumption')].map((a) => [a.dataset.assumption,
      ...[...a.querySelectorAll('.tk-effect')].map((e) => e.textContent)]),
    sentences: [...root.querySelectorAll('.tk-sentences li')].map((e) => e.textContent),
    details: [...root.querySelectorAll('.tk-details li')].map((e) => e.textContent),
    choices: Object.fromEntries([...root.querySelectorAll('select[data-choice]')].map((s) => [s.dataset.choice, s.value])),
    levers: Object.fromEntries([...root.querySelectorAll('.tk-lever')].map((l) => [l.dataset.control,
      l.querySelector('.tk-field')?.value ?? String(Number(l.querySelector('input').checked))])),
    year: root.querySelector('.tk-year input')?.getAttribute('aria-valuetext'),
    chips: [...root.querySelectorAll('.tk-chip')].map((c) => [c.querySelector('.tk-chip-name').textContent, c.classList.contains('tk-refused')]),
  };
}
