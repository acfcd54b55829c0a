// A part of a page: a heading, what it shows, the SQL behind it, and what is shown while, and instead of, an answer.
import { html } from '../shared/ui.js';
import { address } from '../shared/api.js';
import { showSql } from './sql-dialog.js';

/**
 * @param title Heading.
 * @param about What is shown and in which unit, beside the heading.
 * @param answers Answers whose statements can be looked at.
 * @param only Names of the statements that made this part; all without.
 * @param download Path and query of a table that can be taken away as CSV.
 */
export function Panel({ title, about, answers = [], only, download, actions, class: kind = '', children }) {
  const statements = answers.filter(Boolean).flatMap((a) => a.sql ?? []).filter((s) => !only || only.includes(s.name));
  return html`
    <section class="panel ${kind}" aria-label=${title}>
      <header>
        <h2>${title}</h2>
        ${about && html`<span class="about">${about}</span>`}
        <span class="actions">
          ${actions}
          ${download && html`<a class="quiet" download href=${address(download[0], [...download[1], ['format', 'csv']])} title="Download these rows as CSV">CSV</a>`}
          ${statements.length > 0 && html`<button type="button" class="quiet" title="Show the SQL that made these figures" onClick=${() => showSql(title, statements)}>SQL</button>`}
        </span>
      </header>
      ${children}
    </section>`;
}

export function ProblemBox({ problem, again }) {
  return html`
    <div class="problem" role="alert">
      <strong>${problem.title ?? 'Something is wrong on this page'}</strong>
      <p>${problem.detail || problem.message}</p>
      ${problem.advice && html`<p class="muted">${problem.advice}</p>`}
      ${again && html`<button type="button" onClick=${again}>Ask again</button>`}
    </div>`;
}

/** Shows children with the answer as soon as there is one; keeps the place free before. */
export function Answered({ state, rows = 4, children }) {
  if (state.answer) {
    return html`${state.problem && html`<${ProblemBox} problem=${state.problem} again=${state.again} />`}${children(state.answer)}`;
  }
  if (state.problem) return html`<${ProblemBox} problem=${state.problem} again=${state.again} />`;
  return html`<div class="waiting" role="status" aria-label="Loading">${Array.from({ length: rows }, () => html`<i></i>`)}</div>`;
}
