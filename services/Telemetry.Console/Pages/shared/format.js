// Figures as people read them, each with its unit. What is not known is said so by the caller, never shown as 0.
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export const count = (value) => whole.format(value);

/** A count that fits a narrow column: 12,345 · 1.23 M. */
export function shortCount(value) {
  const size = Math.abs(value);
  if (size < 100_000) return whole.format(value);
  if (size < 1e6) return `${(value / 1e3).toFixed(0)} k`;
  if (size < 1e9) return `${(value / 1e6).toFixed(2)} M`;
  return `${(value / 1e9).toFixed(2)} G`;
}

/** US dollars; small sums keep three digits that say something. */
export function money(value) {
  const dollars = Number(value);
  const size = Math.abs(dollars);
  if (size === 0) return '$0';
  if (size < 1e-9) return '< $0.000000001';
  if (size < 1) return `$${dollars.toFixed(size < 0.01 ? Math.min(9, 2 - Math.floor(Math.log10(size))) : size < 0.1 ? 4 : 3)}`;
  return `$${dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

export function milliseconds(value) {
  if (value === 0) return '0 ms';
  if (value < 1) return `${value.toFixed(2)} ms`;
  if (value < 1000) return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  return seconds(value / 1000);
}

export function seconds(value) {
  if (value === 0) return '0 s';
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  if (value < 60) return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`;
  if (value < 3600) return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
  if (value < 172_800) return `${Math.floor(value / 3600)} h ${Math.round((value % 3600) / 60)} min`;
  return `${(value / 86_400).toFixed(1)} d`;
}

export function percent(share) {
  const value = share * 100;
  if (value === 0) return '0 %';
  if (Math.abs(value) < 0.1) return `${value.toFixed(2)} %`;
  return `${Math.abs(value) < 10 ? value.toFixed(1) : value.toFixed(0)} %`;
}

export const perSecond = (value) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} tok/s`;
export const number = (value) => (Number.isInteger(value) ? whole.format(value) : String(Number(value.toPrecision(Math.abs(value) < 1000 ? 3 : 6))));

export function bytes(value) {
  if (value < 1024) return `${value} B`;
  if (value < 1024 ** 2) return `${(value / 1024).toFixed(1)} KiB`;
  return value < 1024 ** 3 ? `${(value / 1024 ** 2).toFixed(1)} MiB` : `${(value / 1024 ** 3).toFixed(2)} GiB`;
}

/** 2 min ago; in 3 h. */
export function relative(moment, now = Date.now()) {
  const difference = (now - Date.parse(moment)) / 1000;
  const size = Math.abs(difference);
  const text = size < 10 ? `${Math.floor(size)} s`
    : size < 60 ? `${Math.round(size)} s`
    : size < 3600 ? `${Math.round(size / 60)} min`
    : size < 86_400 ? `${Math.round(size / 3600)} h`
    : `${Math.round(size / 86_400)} d`;
  return difference >= 0 ? `${text} ago` : `in ${text}`;
}

/** 2026-11-21 09:30:05.120 in a time zone. */
export function exact(moment, zone, withMilliseconds = false) {
  const parts = {};
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    ...(withMilliseconds ? { fractionalSecondDigits: 3 } : {}),
  });
  for (const { type, value } of format.formatToParts(new Date(moment))) parts[type] = value;
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}${withMilliseconds ? `.${parts.fractionalSecond}` : ''}`;
}

/** rate_limit -> rate limit. */
export const words = (name) => name.replaceAll('_', ' ');

/** 1 call, 2 calls. */
export const several = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
