import type { ReactNode } from 'react';
import type { Asked } from './use-asked.ts';

interface AnsweredProps<T> {
  readonly asked: Asked<T>;
  /** As in "Asking for the models". */
  readonly what: string;
  /** Of the words that stand there until there is an answer. */
  readonly className?: string;
  readonly children: (value: T) => ReactNode;
}

/** What a request came to: that it is under way, why it was refused, or what it gave. */
export const Answered = <T,>({ asked, what, className = 'panel note', children }: AnsweredProps<T>) => {
  switch (asked.kind) {
    case 'asking':
      return <p className={className}>Asking for {what}.</p>;
    case 'refused':
      return (
        <p className={className} role="alert">
          {asked.why}
        </p>
      );
    case 'answered':
      return children(asked.value);
  }
};
