import { useEffect, useReducer } from 'react';
import { followStream } from './follow-stream.ts';
import { type LiveState, nextLiveState, unknown } from './live-state.ts';

export const useLive = (): LiveState => {
  const [state, dispatch] = useReducer(nextLiveState, unknown);
  useEffect(() => followStream(dispatch), []);
  return state;
};
