import { stringify } from 'yaml';
import { leaderRules, type PolicyRule, peopleRules, workRules } from './rules.ts';

const define = (name: string, rules: readonly PolicyRule[]): string =>
  `{{- define "groundswell.rules.${name}" -}}\n${stringify(rules, { aliasDuplicateObjects: false, lineWidth: 0 })}{{- end }}\n`;

/** Rules of the roles, for rbac.yaml of the chart. */
export const rulesTemplate = (): string =>
  [
    '{{/* Generated from the rules of the operator by `npm run generate`. Do not edit. */}}\n',
    define('work', workRules),
    define('leader', leaderRules),
    define('view', peopleRules.view),
    define('edit', peopleRules.edit),
  ].join('\n');
