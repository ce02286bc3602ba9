([what, name, value]) => {
  const root = document.querySelector('.tk-explorer');
  const lever = name && root.querySelector(`[data-control="${CSS.escape(name)}"]`);
  const fire = (node, kind) => node.dispatchEvent(new Event(kind, { bubbles: true }));
  const nth = (q) => { const all = [...root.querySelectorAll(q)].filter((n) => !n.disabled && n.checkVisibility()); return all.length ? all[value % all.length] : null; };
  const click = (node) => { node?.click(); return Boolean(node); };
  if (what === 'slide') {
    const input = lever.querySelector('input');
    if (input.type === 'checkbox') return click(input);
    const place = String(value % (Number(input.max) + 1));
    if (input.value === place) return false;
    input.value = place; fire(input, 'input'); return true;
  }
  if (what === 'year') {
    const input = root.querySelector('.tk-year input');
    const place = String(value % (Number(input.max) + 1));
    if (input.value === place) return false;
    input.value = place; fire(input, 'input'); return true;
  }
  if (what === 'type') {
    const field = lever.querySelector('.tk-field');
    if (!field) return false;
    field.value = String(value); fire(field, 'change'); return true;
  }
  if (what === 'choose') {
    const select = root.querySelector(`select[data-choice="${name}"]`);
    select.selectedIndex = value % select.options.length; fire(select, 'change'); return true;
  }
  if (what === 'load') {
    const select = root.querySelector('.tk-file');
    select.selectedIndex = value % select.options.length;
    return click(select.parentElement.querySelector('button'));
  }
  return click(nth({ question: '.tk-question', end: '.tk-end input', off: '.tk-chip-off', back: '.tk-back',
    tool: '.tk-force .tk-tool' }[what]));
}
