import type { PageSession } from '@groundswell/wire';
import { send } from '../live/send.ts';
import { useParameter } from '../route/route.tsx';

interface SessionProps {
  readonly session: PageSession;
}

/** A whole page is asked for: the way leads over the provider. */
const SignInLink = () => (
  <a className="quiet-button" href={`/auth/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`}>
    Sign in
  </a>
);

const signOut = async (): Promise<void> => {
  await send('/auth/sign-out', {});
  location.assign('/');
};

/** Who signed in, and the way out; or the way in. */
export const Who = ({ session: { offered, user } }: SessionProps) => {
  if (!offered) return null;
  return (
    <p className="who">
      {user === null ? (
        <SignInLink />
      ) : (
        <>
          <span dir="auto">{user.name}</span>
          <button type="button" className="quiet-button" onClick={() => void signOut()}>
            Sign out
          </button>
        </>
      )}
    </p>
  );
};

/** What stands there for who may see nothing yet. */
export const SignInPanel = ({ session: { offered } }: SessionProps) => (
  <section className="panel" aria-labelledby="sign-in-title">
    <div className="panel-head">
      <h2 id="sign-in-title">{offered ? 'Sign in to see this pipeline' : 'Nobody can sign in here'}</h2>
    </div>
    {offered ? (
      <p>
        <SignInLink />
      </p>
    ) : (
      <p className="note">
        This API answers who has a key, and a page has none. People sign in where the pipeline names a provider in
        ui.oidc.
      </p>
    )}
  </section>
);

const notes: Readonly<Record<string, string>> = {
  failed: 'Cannot sign in: the provider does not answer, or said no. Try again; the log of the API says more.',
  expired: 'Cannot sign in: that took too long, or began in another window. Try again.',
};

/** Why signing in came to nothing. */
export const SignInNote = () => {
  const note = notes[useParameter('sign-in')];
  return note === undefined ? null : (
    <p className="panel note" role="alert">
      {note}
    </p>
  );
};
