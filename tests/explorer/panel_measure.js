() => {
  const root = document.querySelector('.tk-explorer');
  const visible = (n) => n.checkVisibility() && !n.classList.contains('tk-spoken');
  const all = (q) => [...root.querySelectorAll(q)].filter(visible);
  const words = 'label, button, h3, h4, .tk-unit, .tk-field, .tk-lead, .tk-more, summary, .tk-bars th, .tk-number, .tk-change, .tk-value, .tk-sub';
  const clipped = all(words).filter((n) => n.scrollWidth > n.clientWidth + 1 && getComputedStyle(n).display !== 'inline')
    .map((n) => [n.className, n.textContent, n.scrollWidth, n.clientWidth]);
  const scroller = root.closest('.jp-WindowedPanel-outer') ?? document.documentElement;
  const frame = scroller === document.documentElement ? { top: 0, bottom: innerHeight, left: 0, right: innerWidth } : scroller.getBoundingClientRect();
  const inside = (n) => { const b = n.getBoundingClientRect(); return b.top >= frame.top - 1 && b.bottom <= frame.bottom + 1 && b.left >= frame.left - 1 && b.right <= frame.right + 1; };
  const charts = all('.tk-column > .tk-chart');
  const found = (title) => charts.find((c) => c.querySelector('h3').textContent.startsWith(title));
  const own = root.getBoundingClientRect();
  return {
    tracks: all('.tk-track input').map((n) => n.getBoundingClientRect().width),
    clipped, wide: root.scrollWidth - root.clientWidth,
    outside: all('*').filter((n) => { const b = n.getBoundingClientRect(); return b.width && (b.right > own.right + 1 || b.left < own.left - 1); }).map((n) => n.className),
    answer: inside(root.querySelector('.tk-lead')), figures: all('.tk-figure').every(inside),
    levers: all('.tk-lever').filter(inside).length,
    first: inside(found('What moves')), second: inside(found('Both directions').querySelector('.tk-exports')),
    beside: found('Both directions').getBoundingClientRect().left > found('What moves').getBoundingClientRect().right,
  };
}
