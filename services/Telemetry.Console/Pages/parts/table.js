// Tables: aligned numbers, sorting that the URL remembers, rows that j and k move through.
import { html } from '../shared/ui.js';
import { changed, go, useLocation } from '../shared/location.js';

const sortValue = (row, column) => {
  const value = column.value ? column.value(row) : row[column.name];
  return value === null || value === undefined || value === '' ? null : column.text ? String(value) : Number(value);
};

function sorted(rows, columns, name, order) {
  const column = columns.find((c) => c.name === name);
  if (!column) return rows;
  const direction = order === 'asc' ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [x, y] = [sortValue(a, column), sortValue(b, column)];
    // What is not known comes last either way.
    if (x === null || y === null) return (x === null) - (y === null);
    return (x < y ? -1 : x > y ? 1 : 0) * direction;
  });
}

/**
 * @param columns name, label, show(row), and number (aligned right), text (sorted as text), unit, about (title), sortable.
 * @param rows Of an answer.
 * @param id Tells rows apart.
 * @param address Where a row leads; its first cell becomes the link.
 * @param sorts Names that the server sorts by; without, the rows at hand are sorted here.
 * @param name Prefix of the parameters of this table, for pages with several.
 */
export function Table({ label, columns, rows, id, address, selected, sorts, name = '', usualSort = '' }) {
  const { parameters } = useLocation();
  const [sortName, orderName] = [`${name}sort`, `${name}order`];
  const sort = parameters.get(sortName) ?? usualSort;
  const order = parameters.get(orderName) ?? 'desc';
  const shown = sorts ? rows : sorted(rows, columns, parameters.get(sortName), order);
  const by = (column) => go(changed({ [sortName]: column.sort ?? column.name, [orderName]: (column.sort ?? column.name) === sort && order === 'desc' ? 'asc' : 'desc' }), { keepScroll: true });
  const sortable = (column) => (sorts ? sorts.includes(column.sort ?? column.name) : column.sortable !== false);
  const direction = (column) => ((column.sort ?? column.name) !== sort ? undefined : order === 'asc' ? 'ascending' : 'descending');
  return html`
    <div class="scroll" tabindex="0" role="group" aria-label=${label}>
      <table class="data">
        <caption class="hidden">${label}</caption>
        <thead><tr>
          ${columns.map((column) => html`
            <th scope="col" key=${column.name} class=${column.number ? 'number' : ''} aria-sort=${direction(column)} title=${column.about}>
              ${sortable(column) ? html`<button type="button" onClick=${() => by(column)}>${column.label}</button>` : column.label}
              ${column.unit && html`<small> ${column.unit}</small>`}
            </th>`)}
        </tr></thead>
        <tbody>
          ${shown.map((row) => html`
            <tr key=${id(row)} class=${selected === id(row) ? 'selected' : ''}>
              ${columns.map((column, i) => html`
                <td key=${column.name} class=${column.number ? 'number' : column.class ?? ''}>
                  ${i === 0 && address ? html`<a data-row href=${address(row)}>${column.show(row)}</a>` : column.show(row)}
                </td>`)}
            </tr>`)}
        </tbody>
      </table>
    </div>`;
}
