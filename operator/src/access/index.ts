export { leaseRules, type PolicyRule, workRules } from './rules.ts';
