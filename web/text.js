/** Figures as text. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A share as a percentage. */
export function percent(share) {
  return share === undefined || share === null ? '–' : `${Math.round(share * 100)}%`;
}

/** Bytes in the unit that makes them short. */
export function bytes(count) {
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** Milliseconds as minutes and seconds, or hours. */
export function duration(ms) {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = String(Math.floor(seconds % 60)).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${rest} min`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`;
}

/** An element with a class and what is in it; text is never read as HTML. */
export function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...content);
  return made;
}

/** Sets a text where it is another one: whoever reads the screen aloud is not told the same again. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}
