// The time range and the zone of a page.
export const usualRange = 'now-6h';
export const presets = [['now-15m', '15 min'], ['now-1h', '1 h'], ['now-6h', '6 h'], ['now-24h', '24 h'], ['now-7d', '7 d'], ['now-30d', '30 d']];

/** The browser's zone where the engine knows it too; a link may say another. */
export const ownZone = () => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return !zone || zone.startsWith('Etc/') ? 'UTC' : zone;
};

export function rangeOf(parameters) {
  return {
    from: parameters.get('from') ?? usualRange,
    to: parameters.get('to') ?? 'now',
    zone: parameters.get('tz') ?? localStorage.getItem('zone') ?? ownZone(),
  };
}

export const rangeQuery = ({ from, to, zone }) => [['from', from], ['to', to], ['tz', zone]];
export const endsNow = (range) => range.to === 'now';
