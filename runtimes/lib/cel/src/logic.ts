import type { ASTNode } from '@marcbachmann/cel-js';
import { type Code, type Compiling, code } from './code.ts';

type Node<Op extends ASTNode['op']> = Extract<ASTNode, { readonly op: Op }>;

/** False wins over an error on either side, as CEL has it. */
export const compileAnd = ({ part }: Compiling, node: Node<'&&'>): Code => {
  const left = part(node.args[0]).run;
  const right = part(node.args[1]).run;
  return code((scope) => {
    const l = left(scope);
    if (l === false) return false;
    const r = right(scope);
    if (r === false) return false;
    return l === true && r === true ? true : undefined;
  });
};

/** True wins over an error on either side. */
export const compileOr = ({ part }: Compiling, node: Node<'||'>): Code => {
  const left = part(node.args[0]).run;
  const right = part(node.args[1]).run;
  return code((scope) => {
    const l = left(scope);
    if (l === true) return true;
    const r = right(scope);
    if (r === true) return true;
    return l === false && r === false ? false : undefined;
  });
};

export const compileNot = ({ part }: Compiling, node: Node<'!_'>): Code => {
  const { run } = part(node.args);
  return code((scope) => {
    const value = run(scope);
    return typeof value === 'boolean' ? !value : undefined;
  });
};

/** Only the branch that is chosen is evaluated. */
export const compileTernary = ({ part }: Compiling, node: Node<'?:'>): Code => {
  const condition = part(node.args[0]).run;
  const yes = part(node.args[1]);
  const no = part(node.args[2]);
  return code((scope) => {
    const chosen = condition(scope);
    if (chosen === true) return yes.run(scope);
    return chosen === false ? no.run(scope) : undefined;
  }, yes.isInt && no.isInt);
};
