import { html } from 'hono/html';
import type { OpenApi, Operation, Parameter } from '../contract/openapi.ts';
import type { Json } from '../contract/schemas.ts';
import { rulesText, typeText } from './schema-text.ts';

export { referenceStyle } from './style.ts';

type Html = ReturnType<typeof html>;

const code = (text: string): Html => html`<code>${text}</code>`;

/** With `**` and backquotes as people write them in descriptions. */
const prose = (text: unknown): readonly Html[] =>
  String(text)
    .split('`')
    .map((part, i) => (i % 2 === 1 ? code(part) : html`${part}`));

/** A type; names of schemas lead to them. */
const typeOf = (schema: Json, names: Json): readonly Html[] =>
  typeText(schema)
    .split(/([A-Za-z]\w*)/)
    .map((part) => (part in names ? html`<a href="#${part}">${part}</a>` : html`${part}`));

const rowsOf = (schema: Json, names: Json): readonly Html[] => {
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.entries((schema['properties'] ?? {}) as Record<string, Json>).map(
    ([name, each]) => html`<tr>
      <th scope="row">${code(name)}${required.includes(name) ? '' : html` <small>optional</small>`}</th>
      <td>${typeOf(each, names)}</td>
      <td>${prose(each['description'] ?? '')} <small>${rulesText(each)}</small></td>
    </tr>`,
  );
};

const parameterRow =
  (names: Json) =>
  ({ name, in: place, required, description, schema }: Parameter): Html =>
    html`<tr>
    <th scope="row">${code(name)} <small>${place}${required ? ', required' : ''}</small></th>
    <td>${typeOf(schema, names)}</td>
    <td>${prose(description ?? '')} <small>${rulesText(schema)}</small></td>
  </tr>`;

const contentOf = (
  content: Readonly<Record<string, { readonly schema: Json }>> | undefined,
  names: Json,
): readonly Html[] =>
  Object.entries(content ?? {}).map(
    ([mediaType, { schema }]) => html`<span class="type">${typeOf(schema, names)} <small>${mediaType}</small></span>`,
  );

const operationOf = (path: string, method: string, operation: Operation, names: Json): Html => {
  const { operationId, summary, parameters, requestBody, responses, security } = operation;
  const scope = security.flatMap((each) => Object.values(each).flat())[0];
  return html`<section class="operation" id="${operationId}">
    <h3><span class="method method-${method}">${method.toUpperCase()}</span> ${code(path)}</h3>
    <p>${prose(summary)}. <small>Operation ${code(operationId)}, scope ${code(scope ?? 'read')}.</small></p>
    ${parameters.length > 0 && html`<table><caption>Parameters</caption><tbody>${parameters.map(parameterRow(names))}</tbody></table>`}
    ${requestBody !== undefined && html`<p class="body">Body: ${contentOf(requestBody.content, names)}</p>`}
    <table>
      <caption>Answers</caption>
      <tbody>
        ${Object.entries(responses).map(
          ([status, { description, content }]) => html`<tr>
            <th scope="row">${code(status)}</th>
            <td>${contentOf(content, names)}</td>
            <td>${prose(description)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
};

const schemaOf = (name: string, schema: Json, names: Json): Html =>
  html`<section class="operation" id="${name}">
    <h3>${code(name)}</h3>
    ${schema['description'] !== undefined && html`<p>${prose(schema['description'])}</p>`}
    ${
      schema['properties'] === undefined
        ? html`<p>${typeOf({ ...schema, $ref: undefined }, names)}</p>`
        : html`<table><tbody>${rowsOf(schema, names)}</tbody></table>`
    }
  </section>`;

/** The reference page: everything in the document, in one file, readable without scripts. */
export const referencePage = ({ info, tags, paths, components }: OpenApi, style: string) => {
  const names = components.schemas;
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = tags.map((tag) => ({
    tag,
    own: all.filter(({ operation }) => operation.tags.includes(String(tag['name']))),
  }));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>API of Groundswell</title>
        <link rel="stylesheet" href="${style}" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      </head>
      <body>
        <nav aria-label="Operations">
          <p><a href="/">Groundswell</a></p>
          ${groups.map(
            ({ tag, own }) => html`<h2>${tag['name']}</h2>
              <ul>
                ${own.map(({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`)}
              </ul>`,
          )}
          <h2>Schemas</h2>
          <ul>
            ${Object.keys(names).map((name) => html`<li><a href="#${name}">${name}</a></li>`)}
          </ul>
        </nav>
        <main>
          <h1>API of ${info['title']}</h1>
          <p>${prose(info['description'])}</p>
          <p>The same for machines: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
          ${groups.map(
            ({ tag, own }) => html`<h2>${tag['name']}</h2>
              <p>${prose(tag['description'])}</p>
              ${own.map(({ path, method, operation }) => operationOf(path, method, operation, names))}`,
          )}
          <h2>Schemas</h2>
          ${Object.entries(names).map(([name, schema]) => schemaOf(name, schema as Json, names))}
        </main>
      </body>
    </html>`;
};
