import type { PageSession } from '@groundswell/wire';
import { useEffect, useState } from 'react';

/** Where it cannot be asked: the page shows what it can, and says that the API is away. */
const nobody: PageSession = { offered: false, needed: false, user: null };

/** Who signed in; undefined until that is known. */
export const useSession = (): PageSession | undefined => {
  const [session, setSession] = useState<PageSession>();
  useEffect(() => {
    fetch('/auth/session')
      .then(async (response) => (response.ok ? ((await response.json()) as PageSession) : nobody))
      .catch(() => nobody)
      .then(setSession);
  }, []);
  return session;
};
