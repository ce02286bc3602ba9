() => {
  const root = document.querySelector('.tk-explorer');
  const can = [...root.querySelectorAll('button, input, select, summary, pre[tabindex]')].filter((n) =>
    !n.disabled && n.checkVisibility() && !(n.type === 'radio' && !n.checked));
  can.forEach((n, k) => { n.dataset.order = k; });
  return can.length;
}
