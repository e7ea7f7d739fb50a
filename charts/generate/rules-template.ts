import { leaseRules, type PolicyRule, workRules } from '@groundswell/operator/access';
import { stringify } from 'yaml';
import { peopleRules } from './people-rules.ts';

const define = (name: string, rules: readonly PolicyRule[]): string =>
  `{{- define "groundswell.rules.${name}" -}}\n${stringify(rules, { aliasDuplicateObjects: false, lineWidth: 0 })}{{- end }}\n`;

/** Rules of the roles, for rbac.yaml of the chart. */
export const rulesTemplate = (): string =>
  [
    '{{/* Generated from the rules of the operator by `npm run generate`. Do not edit. */}}\n',
    define('work', workRules),
    define('lease', leaseRules),
    define('view', peopleRules.view),
    define('edit', peopleRules.edit),
  ].join('\n');
