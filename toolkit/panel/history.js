// What was on screen before: undo, redo. A drag of one lever is one step.

const ONE_DRAG = 900; // milliseconds
const MOST_SHOTS = 100; // steps that can be undone

const snapshotOf = ({ base, settings, choices }) => ({ base, settings, choices });
const sameShot = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function makeHistory() {
  const shots = [];
  let here = -1, last = { name: "", time: 0 };
  return {
    // Keep what is on screen if it is new; returns whether it was.
    note(state) {
      const shot = snapshotOf(state);
      if (here >= 0 && sameShot(shots[here], shot)) return false;
      const name = here >= 0 ? onlyChanged(shots[here], shot) : "";
      const now = performance.now();
      const drag = name && name === last.name && now - last.time < ONE_DRAG && here > 0;
      shots.length = here + 1;
      if (drag) shots[here] = shot;
      else { shots.push(shot); here += 1; }
      if (shots.length > MOST_SHOTS) { shots.shift(); here -= 1; }
      last = { name, time: now };
      return true;
    },
    undo: () => (here > 0 ? shots[here -= 1] : null),
    redo: () => (here < shots.length - 1 ? shots[here += 1] : null),
    can: () => ({ undo: here > 0, redo: here < shots.length - 1 }),
  };
}

// The one lever in which two snapshots differ, or their year alone, or nothing.
function onlyChanged(a, b) {
  const names = [...new Set([...Object.keys(a.settings), ...Object.keys(b.settings)])];
  const moved = names.filter((name) => a.settings[name] !== b.settings[name]);
  const year = a.choices.year !== b.choices.year;
  if (a.base !== b.base || !sameShot({ ...a.choices, year: 0 }, { ...b.choices, year: 0 })) return "";
  if (year) return moved.length ? "" : "year:";
  return moved.length === 1 ? moved[0] : "";
}
