import { type Json, memberText, typeText } from './type-text.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Json;
}

type Content = Readonly<Record<string, { readonly schema: Json }>>;

interface Operation {
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

/** What is read of an OpenAPI document. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

const objectOf = (members: readonly string[]): string => `{\n${members.join('')}}`;

const parametersText = (parameters: readonly Parameter[]): string => {
  const places = ['query', 'header', 'path', 'cookie'].map((place) => {
    const own = parameters.filter((parameter) => parameter.in === place);
    if (own.length === 0) return memberText(place, 'never', { optional: true });
    const members = own.map(({ name, required, description, schema }) =>
      memberText(name, typeText(schema), { optional: !required, said: description }),
    );
    return memberText(place, objectOf(members), { optional: own.every(({ required }) => !required) });
  });
  return objectOf(places);
};

const contentText = (content: Content | undefined): string =>
  content === undefined
    ? memberText('content', 'never', { optional: true })
    : memberText(
        'content',
        objectOf(Object.entries(content).map(([type, { schema }]) => memberText(type, typeText(schema)))),
      );

const operationText = ({ parameters, requestBody, responses }: Operation): string => {
  const answers = Object.entries(responses).map(([status, { description, content }]) =>
    memberText(status, objectOf([memberText('headers', 'Record<string, unknown>'), contentText(content)]), {
      said: description,
    }),
  );
  return objectOf([
    memberText('parameters', parametersText(parameters)),
    requestBody === undefined
      ? memberText('requestBody', 'never', { optional: true })
      : memberText('requestBody', objectOf([contentText(requestBody.content)])),
    memberText('responses', objectOf(answers)),
  ]);
};

/** The document as the types that openapi-fetch reads, in the form of openapi-typescript. */
export const schemaText = ({ paths, components }: Document): string => {
  const all = Object.entries(paths).map(([path, operations]) => {
    const parameters = memberText('parameters', parametersText([]));
    const methods = Object.entries(operations).map(([method, operation]) =>
      memberText(method, operationText(operation), { said: operation.summary }),
    );
    return memberText(path, objectOf([parameters, ...methods]));
  });
  const schemas = Object.entries(components.schemas).map(([name, schema]) =>
    memberText(name, typeText(schema), { said: schema['description'] }),
  );
  return `// Made from docs/api/openapi.json by "npm run generate": not to be edited.

export interface paths ${objectOf(all)}

export interface components ${objectOf([memberText('schemas', objectOf(schemas))])}
`;
};
