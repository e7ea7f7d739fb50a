import { useEffect, useReducer } from 'react';
import { followStream } from './follow-stream.ts';
import { type LiveState, nextLiveState, unknown } from './live-state.ts';

/** @param isAllowed  whether there is anything to follow */
export const useLive = (isAllowed: boolean): LiveState => {
  const [state, dispatch] = useReducer(nextLiveState, unknown);
  useEffect(() => (isAllowed ? followStream(dispatch) : undefined), [isAllowed]);
  return state;
};
